import type { LinearDocument } from "@linear/sdk"
import type {
  EntityWebhookPayloadWithCommentData,
  EntityWebhookPayloadWithIssueData
} from "@linear/sdk/webhooks"
import type { Webhook } from "../Upstream/Webhooks.ts"
import type { Comment, Issue } from "./entities.ts"
import { identifierOf, known, type Notice, type Store } from "./Store.ts"
import { uuidOf } from "./uuid.ts"
import { issueUrl, priorities } from "./views/Issue.ts"
import { commentUrl } from "./views/ofIssue.ts"
import { userUrl } from "./views/workspace.ts"

type Payload = EntityWebhookPayloadWithIssueData | EntityWebhookPayloadWithCommentData

const userOf = (store: Store, id: string | null) => {
  const user = id === null ? undefined : store.users.get(id)
  if (user === undefined) return null
  return { id: user.id, name: user.name, email: user.email, url: userUrl(store, user) }
}

const teamOf = (store: Store, teamId: string) => {
  const { id, key, name } = known(store.teams, teamId)
  return { id, key, name }
}

const issueOf = (store: Store, issue: Issue): LinearDocument.IssueWebhookPayload => {
  const { id, color, name, type } = known(store.states, issue.stateId)
  const { assigneeId, creatorId } = issue
  return {
    ...issue,
    previousIdentifiers: [...issue.previousIdentifiers],
    identifier: identifierOf(store, issue),
    url: issueUrl(store, issue),
    priorityLabel: priorities[issue.priority] ?? "",
    prioritySortOrder: issue.priority,
    sortOrder: -issue.number,
    labelIds: [...issue.labelIds],
    labels: issue.labelIds.map((label) => {
      const { id, color, name } = known(store.labels, label)
      return { id, color, name }
    }),
    state: { id, color, name, type },
    team: teamOf(store, issue.teamId),
    creator: userOf(store, creatorId),
    assignee: userOf(store, assigneeId),
    subscriberIds: [creatorId],
    reactionData: {},
    releases: []
  }
}

const commentOf = (store: Store, { bot, ...comment }: Comment): LinearDocument.CommentWebhookPayload => {
  const issue = known(store.issues, comment.issueId)
  const { id, teamId, title } = issue
  return {
    ...comment,
    ...(bot !== null && { botActor: JSON.stringify({ type: "integration", name: bot }) }),
    reactionData: {},
    user: userOf(store, comment.userId),
    issue: {
      id,
      identifier: identifierOf(store, issue),
      title,
      teamId,
      team: teamOf(store, teamId),
      url: issueUrl(store, issue)
    }
  }
}

export const webhookOf = (store: Store, notice: Notice): Webhook => {
  const { action, at, entity, updatedFrom, userId } = notice
  const actor = userOf(store, userId)
  const common = {
    action,
    ...(actor && { actor: { ...actor, type: "user" } }),
    organizationId: store.organization.id,
    webhookId: uuidOf("Webhook/1"),
    ...(updatedFrom && { updatedFrom })
  }
  const said: Omit<Payload, "createdAt" | "webhookTimestamp"> =
    entity.type === "Issue"
      ? { ...common, type: "Issue", url: issueUrl(store, entity.row), data: issueOf(store, entity.row) }
      : { ...common, type: "Comment", url: commentUrl(store, entity.row), data: commentOf(store, entity.row) }
  return {
    event: `${entity.type}.${action}`,
    body: (now) => ({ ...said, createdAt: at, webhookTimestamp: now }),
    headers: (id, signature, now) => ({
      "user-agent": "Linear-Webhook",
      "linear-delivery": id,
      "linear-event": entity.type,
      "linear-signature": signature,
      "linear-timestamp": String(now)
    })
  }
}
