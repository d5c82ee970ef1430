import * as Schema from "effect/Schema"
import { UpstreamText, UpstreamTime, UpstreamUrl } from "../client/upstreamText.ts"
import { closedStates } from "../../domain/IssueState.ts"
import type { TrackedIssue } from "../Tracker.ts"
import type { Labels } from "./labels.ts"
import { StoredIssueId, StoredTeamKey } from "../../domain/Ids.ts"

export const Relations = Schema.Struct({
  nodes: Schema.Array(
    Schema.Struct({
      type: UpstreamText,
      issue: Schema.Struct({
        identifier: UpstreamText,
        url: UpstreamUrl,
        state: Schema.Struct({ type: UpstreamText })
      })
    })
  ),
  pageInfo: Schema.Struct({ hasNextPage: Schema.Boolean })
})
export type Relations = typeof Relations.Type

export const IssueNode = Schema.Struct({
  id: UpstreamText,
  identifier: UpstreamText,
  title: UpstreamText,
  description: Schema.NullOr(UpstreamText),
  url: UpstreamUrl,
  priority: Schema.Literals([0, 1, 2, 3, 4]),
  createdAt: UpstreamTime,
  updatedAt: UpstreamTime,
  archivedAt: Schema.NullOr(UpstreamText),
  trashed: Schema.NullOr(Schema.Boolean),
  labelIds: Schema.Array(UpstreamText),
  state: Schema.Struct({ id: UpstreamText, name: UpstreamText, type: UpstreamText }),
  team: Schema.Struct({ id: UpstreamText, key: UpstreamText }),
  inverseRelations: Relations
})
export type IssueNode = typeof IssueNode.Type

export const openBlockers = (relations: Relations) =>
  relations.nodes.flatMap(({ type, issue: { identifier, url, state } }) =>
    type === "blocks" && !closedStates.includes(state.type) ? [{ identifier, url }] : []
  )

export const toIssue = (labels: Labels, node: IssueNode): TrackedIssue => {
  const { archivedAt: _, trashed: __, labelIds, inverseRelations, ...issue } = node
  return {
    ...issue,
    id: StoredIssueId.make(issue.id),
    team: { id: issue.team.id, key: StoredTeamKey.make(issue.team.key) },
    labels: labels.namesOf(labelIds),
    blockedBy: openBlockers(inverseRelations),
    moreBlockers: inverseRelations.pageInfo.hasNextPage
  }
}
