import { sameRepository } from "../../../upstreams/CodeHost.ts"
import { type Checks, done, inEnvironment, note, set, todo, webhookHealth } from "../checks.ts"
import type { Reading, SetupFacts } from "../facts.ts"

const appPage = (web: string) => ({ text: "GitHub Apps of your account", url: `${web}/settings/apps` })

export const githubApp = ({ app, githubWeb, pollingOnly, publicUrl, webhooks }: SetupFacts): Checks => {
  switch (app._tag) {
    case "NotConfigured":
      return [
        todo(`There is no GitHub App yet: ${set(app.missing)}.`, {
          fix: `Create the App on the page Set-up of the admin, which shows the lines to set. Or create one by hand, set what is missing in the environment of the service, or in the file .env in its folder, and restart.`,
          link: appPage(githubWeb)
        })
      ]
    case "Failed":
      return [todo(app.message, { link: appPage(githubWeb) })]
    case "Known": {
      const { name, url } = app.value
      return [
        done(`GitHub accepts the key of the App ${name}.`, { link: { text: "The App", url } }),
        ...(publicUrl === null || pollingOnly
          ? []
          : webhooks.github.secret
            ? webhookHealth("GitHub", webhooks.github)
            : [
                note("GITHUB_WEBHOOK_SECRET is not set: the ends of runs are seen later.", {
                  fix: `Give the App a webhook to ${publicUrl}/webhooks/github with a secret. ${inEnvironment}`,
                  link: { text: "The App", url }
                })
              ])
      ]
    }
  }
}

const afterApp = (reading: Reading<unknown>, what: string): Checks =>
  reading._tag === "Known" ? [] : [todo(`${what} is seen when GitHub accepts the App's key.`)]

export const installed = ({ app, mappings }: SetupFacts): Checks => {
  if (app._tag !== "Known") return afterApp(app, "Where the App is installed")
  const { installUrl, installations, more } = app.value
  const install = { text: "Install the App", url: installUrl }
  if (installations.length === 0)
    return [
      todo("The App is not installed on any repository.", {
        fix: "Install it on the repositories that it works in.",
        link: install
      })
    ]
  const repositories = installations.flatMap(({ repositories }) => repositories)
  const absent = more
    ? []
    : mappings.filter((mapping) => !repositories.some((one) => sameRepository(one, mapping)))
  return [
    ...installations.flatMap(({ account, missing, repositories, suspended, url }): Checks => {
      const page = { text: `Installation of ${account}`, url }
      if (suspended)
        return [todo(`The installation of ${account} is suspended.`, { fix: "Unsuspend it.", link: page })]
      const approve = { text: `Permissions of ${account}`, url: `${url}/permissions/update` }
      const fix =
        "Add them under Permissions of the App; then an owner of the account accepts them for the installation."
      return [
        ...(missing.needed.length > 0
          ? [
              todo(`The installation of ${account} lacks ${missing.needed.join(", ")}.`, {
                fix,
                link: approve
              })
            ]
          : repositories.length === 0
            ? [todo(`The installation of ${account} has no repository.`, { fix: "Add one.", link: page })]
            : [
                done(
                  `The installation of ${account} has ${repositories.length}${more ? " or more" : ""} ${repositories.length === 1 ? "repository" : "repositories"}, and the permissions that runs need.`,
                  { link: page }
                )
              ]),
        ...(missing.optional.length > 0
          ? [
              note(`The installation of ${account} lacks ${missing.optional.join(", ")}.`, {
                fix,
                link: approve
              })
            ]
          : [])
      ]
    }),
    ...absent.map(({ owner, repo, teamKey }) =>
      todo(`The App is not installed on ${owner}/${repo}, which ${teamKey} is mapped to.`, {
        fix: "Install it there, or correct the mapping.",
        link: install,
        command: `mappings set ${teamKey} owner/repo`
      })
    )
  ]
}
