import type { Webhook } from "../Upstream/Webhooks.ts"
import type { Auth } from "./Auth.ts"
import { contract } from "./Contract.ts"
import { webhookOf } from "./render/webhook.ts"
import type { Change, Repository, State } from "./State.ts"

const repositoryOf = (change: Change): Repository => {
  switch (change._tag) {
    case "run":
      return change.run.repository
    case "pullRequest":
      return change.pull.repository
    case "comment":
      return change.comment.pull.repository
  }
}

export const announcement = (
  state: State,
  auth: Auth,
  violate: (message: string) => void,
  change: Change
): Webhook | undefined => {
  const installation = auth.installed(repositoryOf(change))
  const rendered = installation && webhookOf(state.url, change, installation)
  if (rendered === undefined) return undefined
  const problems = contract.checkWebhook(rendered.name, rendered.body)
  if (problems.length > 0) violate(`${rendered.name}: ${problems.join("; ")}`)
  return {
    event: `${rendered.event}.${change.action}`,
    body: () => rendered.body,
    headers: (id, signature) => ({
      "user-agent": "GitHub-Hookshot/local",
      "x-github-delivery": id,
      "x-github-event": rendered.event,
      "x-github-hook-id": "1",
      "x-github-hook-installation-target-id": String(installation?.app.appId),
      "x-github-hook-installation-target-type": "integration",
      "x-hub-signature-256": `sha256=${signature}`
    })
  }
}
