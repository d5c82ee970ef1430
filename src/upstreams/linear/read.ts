import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { IssuePage, PageRequest, TrackedIssue } from "../Tracker.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Ask } from "./client.ts"
import * as documents from "./documents.ts"
import { type UpstreamCall, gone } from "./errors.ts"
import { closedStates } from "../../domain/IssueState.ts"
import { IssueNode, openBlockers, Relations, toIssue } from "./issue.ts"
import { LabelPage, type Labels, named } from "./labels.ts"

const Nodes = Schema.Struct({ nodes: Schema.Array(IssueNode) })

const Page = Schema.Struct({
  issues: Schema.Struct({
    ...Nodes.fields,
    pageInfo: Schema.Struct({ hasNextPage: Schema.Boolean, endCursor: Schema.NullOr(Schema.String) })
  }),
  tracked: Schema.optionalKey(Nodes),
  labels: Schema.optionalKey(LabelPage)
})

const One = Schema.Struct({ issue: IssueNode, labels: Schema.optionalKey(LabelPage) })

const Blockers = Schema.Struct({
  issues: Schema.Struct({
    nodes: Schema.Array(Schema.Struct({ id: Schema.String, inverseRelations: Relations }))
  })
})

const maxHidden = 20

const lives = ({ archivedAt, trashed }: IssueNode) => archivedAt === null && trashed !== true

const hidesBlockers = ({ inverseRelations }: IssueNode) =>
  inverseRelations.pageInfo.hasNextPage && openBlockers(inverseRelations).length === 0

export const makeReads = (ask: Ask, labels: Labels, names: ReadonlyArray<string>) => {
  /** Five relations are read with an issue; only where none of them blocks and there are more, the others. */
  const toIssues = Effect.fnUntraced(function* (
    asked: UpstreamCall,
    nodes: ReadonlyArray<IssueNode>,
    came: typeof LabelPage.Type | undefined,
    since: number
  ): Effect.fn.Return<ReadonlyArray<TrackedIssue>, UpstreamError> {
    const worn = nodes.flatMap(({ labelIds }) => labelIds)
    yield* labels.meet(asked, worn, came, since)
    const hidden = [...new Set(nodes.filter(hidesBlockers).map(({ id }) => id))].slice(0, maxHidden)
    if (hidden.length === 0) return nodes.map((node) => toIssue(labels, node))
    const { issues } = yield* ask({
      ...asked,
      document: documents.blockers,
      variables: { filter: { id: { in: hidden } }, first: hidden.length },
      data: Blockers
    })
    const found = new Map(issues.nodes.map(({ id, inverseRelations }) => [id, inverseRelations]))
    return nodes.map((node) =>
      toIssue(labels, { ...node, inverseRelations: found.get(node.id) ?? node.inverseRelations })
    )
  })

  const page = Effect.fn("Linear.page")(function* (
    request: PageRequest
  ): Effect.fn.Return<IssuePage, UpstreamError> {
    const asked = { operation: "page", to: "read the issues that wear the pickup label" }
    const { first, after, pickupLabel } = request
    const tracked = after === null ? request.tracked : []
    const roots = { tracked: tracked.length > 0, labels: yield* labels.isStale }
    const since = labels.edition()
    const answer = yield* ask({
      ...asked,
      document: documents.page(roots),
      variables: {
        filter: {
          labels: { some: { name: { eqIgnoreCase: pickupLabel } } },
          state: { type: { nin: closedStates } }
        },
        first,
        after,
        ...(roots.tracked && { tracked: { id: { in: tracked } }, trackedFirst: tracked.length }),
        ...(roots.labels && { labels: named(names) })
      },
      data: Page
    })
    const candidates = answer.issues.nodes.filter(lives)
    const all = yield* toIssues(
      asked,
      [...candidates, ...(answer.tracked?.nodes ?? []).filter(lives)],
      answer.labels,
      since
    )
    const { hasNextPage, endCursor } = answer.issues.pageInfo
    return {
      candidates: all.slice(0, candidates.length),
      tracked: all.slice(candidates.length),
      endCursor: hasNextPage ? endCursor : null
    }
  })

  const get = Effect.fn("Linear.get")(function* (id: string): Effect.fn.Return<TrackedIssue, UpstreamError> {
    const asked = { operation: "get", to: `read the issue ${id}` }
    const roots = { labels: yield* labels.isStale }
    const since = labels.edition()
    const answer = yield* ask({
      ...asked,
      document: documents.issue(roots),
      variables: { id, ...(roots.labels && { labels: named(names) }) },
      data: One
    })
    if (answer.issue.trashed === true) return yield* gone(asked)
    const [issue] = yield* toIssues(asked, [answer.issue], answer.labels, since)
    return issue ?? (yield* gone(asked))
  })

  return { page, get }
}
