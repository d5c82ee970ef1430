import type { Workspace } from "../../../upstreams/TrackerSetup.ts"
import { type Checks, done, inEnvironment, todo, webhookHealth } from "../checks.ts"
import type { SetupFacts } from "../facts.ts"

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
  return webhookHealth("Linear", facts.webhooks.linear)
}

export const linear = (facts: SetupFacts): Checks => {
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
