import type * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
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

const Known = Schema.Struct({ id: UpstreamText.check(Schema.isMinLength(1)) })

const decodeKnown = Schema.decodeUnknownResult(Known)
const decodeNode = SchemaParser.decodeUnknownResult(IssueNode)
const format = SchemaIssue.makeFormatterStandardSchemaV1()

const fieldNames: Readonly<Record<string, string>> = {
  inverseRelations: "blockers",
  labelIds: "labels",
  createdAt: "time of creation",
  updatedAt: "time of change"
}

const fieldOf = (issue: SchemaIssue.Issue) => {
  const field = String(format(issue).issues[0]?.path?.[0] ?? "content")
  return fieldNames[field] ?? field
}

const textOf = Schema.decodeUnknownOption(UpstreamText)
const urlOf = Schema.decodeUnknownOption(UpstreamUrl)
const teamOf = Schema.decodeUnknownOption(IssueNode.fields.team)

// What can be read of it; the rest is empty.
const toUnreadable = (id: string, node: object, what: string, now: DateTime.Utc): TrackedIssue => {
  const given = node as Readonly<Record<string, unknown>>
  const identifier = Option.getOrElse(textOf(given["identifier"]), () => id)
  const team = Option.getOrElse(teamOf(given["team"]), () => ({ id: "", key: "" }))
  return {
    id: StoredIssueId.make(id),
    identifier,
    title: Option.getOrElse(textOf(given["title"]), () => identifier),
    description: null,
    url: Option.getOrElse(urlOf(given["url"]), () => ""),
    priority: 0,
    createdAt: now,
    updatedAt: now,
    labels: [],
    state: { id: "", name: "", type: "unstarted" },
    team: { id: team.id, key: StoredTeamKey.make(team.key) },
    blockedBy: [],
    moreBlockers: false,
    unreadable: what
  }
}

/** The issues of a page apart from those that Linear shows with gaps; null when one of them has no id. */
export const sortNodes = (nodes: ReadonlyArray<unknown>, now: DateTime.Utc) => {
  const readable: Array<IssueNode> = []
  const unreadable: Array<TrackedIssue> = []
  for (const node of nodes) {
    const known = decodeKnown(node)
    if (Result.isFailure(known)) return null
    const decoded = decodeNode(node)
    if (Result.isSuccess(decoded)) readable.push(decoded.success)
    else unreadable.push(toUnreadable(known.success.id, node as object, fieldOf(decoded.failure), now))
  }
  return { readable, unreadable }
}

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
