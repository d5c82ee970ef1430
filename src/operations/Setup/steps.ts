import * as DateTime from "effect/DateTime"
import { describeReason } from "../../domain/describeReason.ts"
import type { Dispatch } from "../../domain/Dispatch.ts"
import type { Issue } from "../../domain/Issue.ts"
import type { Overview } from "../../domain/Overview.ts"
import type { Readiness } from "../../domain/Readiness.ts"
import type { SetupCheck, SetupStep, SetupStepName, TestIssue } from "../../domain/Setup.ts"
import { SetupStepName as Names } from "../../domain/Setup.ts"
import { sameRepository } from "../../upstreams/CodeHost.ts"
import type { AppOfHost } from "../../upstreams/CodeHostSetup.ts"
import type { Workspace } from "../../upstreams/TrackerSetup.ts"

/** What an upstream answered to the set-up; `missing` settings prevent the call. */
export type Reading<A> =
  | { readonly _tag: "Known"; readonly value: A }
  | { readonly _tag: "NotConfigured"; readonly missing: ReadonlyArray<string> }
  | { readonly _tag: "Failed"; readonly message: string }

export interface WebhookFacts {
  /** Its signing secret is set. */
  readonly secret: boolean
  readonly acceptedAt: DateTime.Utc | null
  readonly refused: { readonly at: DateTime.Utc; readonly message: string } | null
}

export interface MappingFacts {
  readonly teamKey: string
  readonly owner: string
  readonly repo: string
  /** A sentence where the check failed. */
  readonly readiness: Readiness | string
  /** The open pull request with our files. */
  readonly proposal: { readonly number: number; readonly url: string } | null
}

export interface SetupFacts {
  readonly publicUrl: string | null
  readonly pollingOnly: boolean
  /** Why our own call through `publicUrl` failed; null: it was answered. */
  readonly ownCall: string | null
  /** When a webhook or a run reached us last. */
  readonly reachedAt: DateTime.Utc | null
  readonly proxy: string | null
  readonly githubWeb: string
  readonly pickupLabel: string
  readonly app: Reading<AppOfHost>
  readonly workspace: Reading<Workspace>
  readonly webhooks: { readonly linear: WebhookFacts; readonly github: WebhookFacts }
  /** What session machines lack; null where none are used. */
  readonly machines: {
    readonly missing: Overview["setup"]
    readonly fly: { readonly ok: boolean; readonly message: string } | null
  } | null
  readonly mappings: ReadonlyArray<MappingFacts>
  readonly paused: Overview["paused"]
  readonly poller: Pick<Overview["poller"], "state" | "lastPass">
  readonly notifications: Overview["notifications"] | null
  readonly issues: ReadonlyArray<Issue>
  readonly latest: Dispatch | null
  readonly delivered: Dispatch | null
  readonly testIssue: TestIssue | null
}

type More = Partial<Pick<SetupCheck, "fix" | "link" | "command">>

const check = (state: SetupCheck["state"], message: string, more: More = {}): SetupCheck => ({
  state,
  message,
  fix: more.fix ?? null,
  link: more.link ?? null,
  command: more.command ?? null
})
const done = (message: string, more?: More) => check("done", message, more)
const todo = (message: string, more?: More) => check("todo", message, more)
const note = (message: string, more?: More) => check("note", message, more)

type Checks = ReadonlyArray<SetupCheck>

const inEnvironment =
  "Set it in the environment of the service, or in the file .env in its folder, and restart."

const set = (names: ReadonlyArray<string>) =>
  `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} not set`

const iso = (at: DateTime.Utc) => `${DateTime.formatIso(at).slice(0, 16).replace("T", " ")} UTC`

const reachable = ({ ownCall, pollingOnly, proxy, publicUrl, reachedAt }: SetupFacts): Checks => [
  publicUrl === null
    ? pollingOnly
      ? done("Polling only is chosen: nothing outside calls this service, so runs cannot ask or report.")
      : todo("PUBLIC_URL is not set: runs cannot report, and there are no webhooks.", {
          fix: `Set it to the address at which GitHub, Linear and your browser reach this service, and restart. Or choose polling only.`,
          command: "setup polling-only"
        })
    : ownCall === null
      ? done(`The service answers at ${publicUrl}.`)
      : reachedAt === null
        ? note(`The service did not reach itself at ${publicUrl}: ${ownCall}.`, {
            fix: "Check the address from another network. Some routers do not lead a call back into their own network (hairpin routing); then the first webhook or report of a run proves the address."
          })
        : done(
            `Calls from outside arrive, the last at ${iso(reachedAt)}. The service cannot reach itself at ${publicUrl} (${ownCall}), which hairpin routing explains.`
          ),
  ...(proxy === null ? [] : [note(proxy)])
]

const appPage = (web: string) => ({ text: "GitHub Apps of your account", url: `${web}/settings/apps` })

const health = (name: string, { acceptedAt, refused }: WebhookFacts): Checks => {
  if (refused !== null && (acceptedAt === null || DateTime.isGreaterThan(refused.at, acceptedAt)))
    return [note(`The last webhook of ${name} was refused at ${iso(refused.at)}. ${refused.message}`)]
  return acceptedAt === null
    ? [note(`No webhook of ${name} has arrived yet: the test issue at the end causes some.`)]
    : [done(`The last webhook of ${name} was accepted at ${iso(acceptedAt)}.`)]
}

const githubApp = ({ app, githubWeb, pollingOnly, publicUrl, webhooks }: SetupFacts): Checks => {
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
            ? health("GitHub", webhooks.github)
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

const installed = ({ app, mappings }: SetupFacts): Checks => {
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

const keyPage = {
  text: "Personal API keys of Linear",
  url: "https://linear.app/settings/account/security"
}

const hookOf = (publicUrl: string) => `${publicUrl}/webhooks/linear`

const linearWebhook = (facts: SetupFacts, { apiPage, webhooks }: Workspace): Checks => {
  const { pollingOnly, publicUrl } = facts
  if (publicUrl === null || pollingOnly) return []
  const link = { text: "Webhooks of Linear", url: apiPage }
  const url = hookOf(publicUrl)
  const ours = webhooks?.find((one) => one.url === url)
  if (!facts.webhooks.linear.secret)
    return [
      todo("LINEAR_WEBHOOK_SECRET is not set: changes in Linear are seen by the next pass only.", {
        fix: `Create the webhook on the page Set-up of the admin, which shows the line to set. Or create one to ${url} for issues, comments and labels, set its signing secret and restart. Or choose polling only.`,
        link,
        command: "setup polling-only"
      })
    ]
  if (webhooks !== null && ours === undefined)
    return [todo(`Linear has no webhook to ${url}.`, { fix: "Create it, or correct its address.", link })]
  if (ours?.enabled === false)
    return [todo(`Linear has switched off the webhook to ${url}.`, { fix: "Switch it on again.", link })]
  return health("Linear", facts.webhooks.linear)
}

const linear = (facts: SetupFacts): Checks => {
  const { workspace } = facts
  switch (workspace._tag) {
    case "NotConfigured":
      return [
        todo("LINEAR_API_KEY is not set.", {
          fix: `Create a personal API key that may read and write. ${inEnvironment}`,
          link: keyPage
        })
      ]
    case "Failed":
      return [todo(workspace.message, { link: keyPage })]
    case "Known": {
      const { name, teams, viewer } = workspace.value
      const keys = teams.map(({ key }) => key)
      return [
        done(
          `Linear accepts the key of ${viewer} in the workspace ${name}: ${keys.length === 0 ? "no team" : `${keys.length === 1 ? "team" : "teams"} ${keys.slice(0, 12).join(", ")}${keys.length > 12 ? " and more" : ""}`}.`
        ),
        ...linearWebhook(facts, workspace.value)
      ]
    }
  }
}

const isSecret = ({ name }: Readiness["checks"][number]) => name === "Secrets"

const credential = ({ delivered, githubWeb, machines, mappings }: SetupFacts): Checks => {
  const secrets = mappings.flatMap(({ owner, readiness, repo }): Checks => {
    if (typeof readiness === "string") return []
    const found = readiness.checks.find(isSecret)
    if (found === undefined) return []
    const where = `${owner}/${repo}`
    const link = {
      text: `Secrets of ${where}`,
      url: `${githubWeb}/${where}/settings/secrets/actions`
    }
    return found.ok
      ? [done(`${where}: ${found.message}`, { link })]
      : [(delivered === null ? todo : note)(`${where}: ${found.message}`, { fix: found.fix, link })]
  })
  const ofMachines =
    machines === null
      ? []
      : [
          ...machines.missing.map(({ message, setting }) =>
            todo(`${setting} is not set, which session machines need.`, { fix: message })
          ),
          ...(machines.fly === null ? [] : [(machines.fly.ok ? done : todo)(machines.fly.message)])
        ]
  const checks = [...secrets, ...ofMachines]
  return checks.length > 0 || mappings.length > 0
    ? checks
    : [note("The secret of the model is looked for in each repository that a team is mapped to.")]
}

const mapped = ({ mappings, pickupLabel, workspace }: SetupFacts): Checks => {
  if (mappings.length === 0)
    return [
      todo("No team of Linear is mapped to a repository.", {
        fix: "Choose both; the rest has defaults.",
        command: "mappings set TEAM owner/repo"
      })
    ]
  return mappings.map(({ owner, repo, teamKey }) => {
    const where = `${teamKey} → ${owner}/${repo}`
    if (workspace._tag !== "Known") return done(`${where}.`)
    const { labelled, teams } = workspace.value
    if (!teams.some(({ key }) => key === teamKey))
      return todo(`${where}: Linear has no team ${teamKey}, or the key may not see it.`, {
        fix: "Correct the mapping.",
        command: `mappings delete ${teamKey}`
      })
    return labelled === null || labelled.includes(teamKey)
      ? done(`${where}, with the label ${pickupLabel}.`)
      : todo(`${where}: the team has no label ${pickupLabel}.`, {
          fix: "Create it in Linear, or on the page Set-up of the admin.",
          command: `setup label ${teamKey}`
        })
  })
}

const workflows = ({ mappings }: SetupFacts): Checks => {
  if (mappings.length === 0)
    return [todo("The files that a repository needs are known when a team is mapped.")]
  return mappings.flatMap(({ owner, proposal, readiness, repo, teamKey }): Checks => {
    const where = `${owner}/${repo}`
    if (typeof readiness === "string") return [todo(`${where}: ${readiness}`)]
    const wrong = readiness.checks.filter((each) => !each.ok && !isSecret(each))
    const link = proposal === null ? null : { text: `Pull request #${proposal.number}`, url: proposal.url }
    if (readiness.ready)
      return [
        done(`${where} has what a dispatch needs.`, { link: wrong.length === 0 ? null : link }),
        ...wrong.map(({ fix, message }) => note(`${where}: ${message}`, { fix }))
      ]
    const lacksFiles = readiness.templates.some(
      ({ seeded, state }) => state === "missing" || (!seeded && state !== "current")
    )
    const problems = wrong.map(({ fix, message }) =>
      (lacksFiles ? note : todo)(`${where}: ${message}`, { fix })
    )
    if (!lacksFiles) return problems
    return [
      proposal === null
        ? todo(`${where} lacks the workflow files.`, {
            fix: "Open the pull request with them, and merge it.",
            command: `mappings sync ${teamKey}`
          })
        : todo(`The pull request with the workflow files of ${where} waits for its merge.`, {
            fix: "Review and merge it.",
            link
          }),
      ...problems
    ]
  })
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

const running = ({ notifications, paused, poller }: SetupFacts): Checks => [
  ...(paused === null
    ? []
    : [
        todo(
          `Dispatching is paused${paused.reason === null ? "" : `: ${paused.reason.replace(/\.$/, "")}`}.`,
          {
            fix: "Resume it.",
            command: "resume"
          }
        )
      ]),
  ...(poller.state === "stuck"
    ? [
        todo("No pass has begun or ended in time.", {
          fix: "Restart the service, and check its log."
        })
      ]
    : (poller.lastPass?.error ?? null) === null
      ? []
      : [
          todo(`The last pass failed: ${sentence(poller.lastPass?.error ?? "")}`, {
            fix: "The next one follows automatically."
          })
        ]),
  ...((notifications?.lastError ?? null) === null
    ? []
    : [
        note(`Notifications do not arrive: ${sentence(notifications?.lastError ?? "")}`, {
          fix: "Try it again on the page Settings of the admin."
        })
      ])
]

const ofDispatch = ({ issueIdentifier, outcome, status }: Dispatch) =>
  `${issueIdentifier} is ${status}${outcome === null ? "" : ` (${outcome.message.replace(/\.$/, "")})`}.`

const testIssue = (facts: SetupFacts): Checks => {
  const { delivered, issues, latest, pickupLabel, testIssue } = facts
  const label = {
    fix: `Create a test issue on the page Set-up of the admin, or put the label ${pickupLabel} on an open issue of a mapped team in Linear.`,
    command: "setup test-issue TEAM"
  }
  if (delivered !== null) {
    const { issueIdentifier, pullRequest } = delivered
    const link =
      pullRequest === null ? null : { text: `Pull request #${pullRequest.number}`, url: pullRequest.url }
    return [done(`${issueIdentifier} has its pull request.`, { link, command: "log" }), ...running(facts)]
  }
  if (latest !== null && latest.outcome === null)
    return [...running(facts), todo(`${ofDispatch(latest)} Its pull request follows.`, { command: "log" })]
  const waiting = issues.find(({ reason }) => reason !== null)
  if (waiting?.reason != null)
    return [
      ...running(facts),
      todo(`${waiting.identifier} waits: ${describeReason(waiting.reason)}.`, {
        command: `issues explain ${waiting.identifier}`
      })
    ]
  if (issues.length > 0 || (testIssue !== null && latest === null))
    return [
      ...running(facts),
      todo(`The next pass dispatches ${issues[0]?.identifier ?? testIssue?.identifier ?? "it"}.`, {
        command: "poll"
      })
    ]
  return [
    ...running(facts),
    todo(
      latest === null
        ? "Nothing has been dispatched yet."
        : `The last dispatch failed: ${ofDispatch(latest)}`,
      label
    )
  ]
}

const checksOf: Readonly<Record<SetupStepName, (facts: SetupFacts) => Checks>> = {
  reachable,
  "github-app": githubApp,
  installed,
  linear,
  credential,
  mapping: mapped,
  workflows,
  "test-issue": testIssue
}

/** Every step of the set-up in its order; open ones after the first open one are `later`. */
export const stepsOf = (facts: SetupFacts): ReadonlyArray<SetupStep> => {
  let open = false
  return Names.literals.map((step) => {
    const checks = checksOf[step](facts)
    const isOpen = checks.some(({ state }) => state === "todo")
    const state = isOpen ? (open ? ("later" as const) : ("todo" as const)) : ("done" as const)
    open ||= isOpen
    return { step, state, checks }
  })
}
