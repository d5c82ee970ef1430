import * as Schema from "effect/Schema"
import { closedStates } from "../domain/IssueState.ts"
import { JsonTimestamp } from "../domain/Text.ts"
import type { TrackedIssue } from "../Issues.ts"
import type { Labels } from "./labels.ts"

export const Relations = Schema.Struct({
  nodes: Schema.Array(
    Schema.Struct({
      type: Schema.String,
      issue: Schema.Struct({
        identifier: Schema.String,
        url: Schema.String,
        state: Schema.Struct({ type: Schema.String })
      })
    })
  ),
  pageInfo: Schema.Struct({ hasNextPage: Schema.Boolean })
})
export type Relations = typeof Relations.Type

export const IssueNode = Schema.Struct({
  id: Schema.String,
  identifier: Schema.String,
  title: Schema.String,
  description: Schema.NullOr(Schema.String),
  url: Schema.String,
  priority: Schema.Finite,
  createdAt: JsonTimestamp,
  updatedAt: JsonTimestamp,
  archivedAt: Schema.NullOr(Schema.String),
  trashed: Schema.NullOr(Schema.Boolean),
  labelIds: Schema.Array(Schema.String),
  state: Schema.Struct({ id: Schema.String, name: Schema.String, type: Schema.String }),
  team: Schema.Struct({ id: Schema.String, key: Schema.String }),
  inverseRelations: Relations
})
export type IssueNode = typeof IssueNode.Type

export const openBlockers = (relations: Relations) =>
  relations.nodes.flatMap(({ type, issue: { identifier, url, state } }) =>
    type === "blocks" && !closedStates.includes(state.type) ? [{ identifier, url }] : []
  )

/** Without what PostgreSQL cannot hold: NUL and half surrogate pairs. */
export const storable = (text: string) => text.replaceAll("\0", "").toWellFormed()

export const toIssue = (labels: Labels, node: IssueNode): TrackedIssue => {
  const { archivedAt: _, trashed: __, labelIds, inverseRelations, ...issue } = node
  return {
    ...issue,
    title: storable(issue.title),
    description: issue.description === null ? null : storable(issue.description),
    labels: labels.namesOf(labelIds),
    blockedBy: openBlockers(inverseRelations),
    moreBlockers: inverseRelations.pageInfo.hasNextPage
  }
}
