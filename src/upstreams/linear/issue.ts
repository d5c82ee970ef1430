import * as Schema from "effect/Schema"
import { Told, ToldTime } from "../client/upstreamText.ts"
import { closedStates } from "../../domain/IssueState.ts"
import type { TrackedIssue } from "../Tracker.ts"
import type { Labels } from "./labels.ts"

export const Relations = Schema.Struct({
  nodes: Schema.Array(
    Schema.Struct({
      type: Told,
      issue: Schema.Struct({
        identifier: Told,
        url: Told,
        state: Schema.Struct({ type: Told })
      })
    })
  ),
  pageInfo: Schema.Struct({ hasNextPage: Schema.Boolean })
})
export type Relations = typeof Relations.Type

export const IssueNode = Schema.Struct({
  id: Told,
  identifier: Told,
  title: Told,
  description: Schema.NullOr(Told),
  url: Told,
  priority: Schema.Literals([0, 1, 2, 3, 4]),
  createdAt: ToldTime,
  updatedAt: ToldTime,
  archivedAt: Schema.NullOr(Told),
  trashed: Schema.NullOr(Schema.Boolean),
  labelIds: Schema.Array(Told),
  state: Schema.Struct({ id: Told, name: Told, type: Told }),
  team: Schema.Struct({ id: Told, key: Told }),
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
    labels: labels.namesOf(labelIds),
    blockedBy: openBlockers(inverseRelations),
    moreBlockers: inverseRelations.pageInfo.hasNextPage
  }
}
