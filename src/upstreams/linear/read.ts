import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import type { IssuePage, PageRequest, TrackedIssue } from "../Tracker.ts"
import { isNotFound, type UpstreamError } from "../UpstreamError.ts"
import type { Ask } from "./client.ts"
import * as documents from "./documents.ts"
import type { UpstreamCall } from "../client/errors.ts"
import { errors, inTrash } from "./errors.ts"
import { closedStates } from "../../domain/IssueState.ts"
import { IssueNode, openBlockers, Relations, sortNodes, toIssue } from "./issue.ts"
import { LabelPage, type Labels, named } from "./labels.ts"

const Nodes = Schema.Struct({ nodes: Schema.Array(Schema.Unknown) })

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

const isActive = ({ archivedAt, trashed }: Pick<IssueNode, "archivedAt" | "trashed">) =>
  archivedAt === null && trashed !== true

const hidesBlockers = ({ inverseRelations }: IssueNode) =>
  inverseRelations.pageInfo.hasNextPage && openBlockers(inverseRelations).length === 0

export const makeReads = (ask: Ask, labels: Labels, names: ReadonlyArray<string>) => {
  const toIssues = Effect.fnUntraced(function* (
    call: UpstreamCall,
    nodes: ReadonlyArray<IssueNode>,
    came: typeof LabelPage.Type | undefined,
    since: number
  ): Effect.fn.Return<ReadonlyArray<TrackedIssue>, UpstreamError> {
    const ids = nodes.flatMap(({ labelIds }) => labelIds)
    yield* labels.update(call, ids, came, since)
    const hidden = [...new Set(nodes.filter(hidesBlockers).map(({ id }) => id))].slice(0, maxHidden)
    if (hidden.length === 0) return nodes.map((node) => toIssue(labels, node))
    const { issues } = yield* ask({
      ...call,
      document: documents.blockers,
      variables: { filter: { id: { in: hidden } }, first: hidden.length },
      body: Blockers
    })
    const found = new Map(issues.nodes.map(({ id, inverseRelations }) => [id, inverseRelations]))
    return nodes.map((node) =>
      toIssue(labels, { ...node, inverseRelations: found.get(node.id) ?? node.inverseRelations })
    )
  })

  const page = Effect.fn("Linear.page")(function* (
    request: PageRequest
  ): Effect.fn.Return<IssuePage, UpstreamError> {
    const call = { name: "page", to: "read the issues with the pickup label" }
    const { first, after, pickupLabel } = request
    const tracked = after === null ? request.tracked : []
    const roots = { tracked: tracked.length > 0, labels: yield* labels.isStale }
    const since = labels.edition()
    const answer = yield* ask({
      ...call,
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
      body: Page
    })
    const now = yield* DateTime.now
    const found = sortNodes(answer.issues.nodes, now)
    const asked = sortNodes(answer.tracked?.nodes ?? [], now)
    // What has no id cannot be told apart from what is missing.
    if (found === null || asked === null) return yield* errors.fail(call, errors.notUnderstood(call))
    const candidates = found.readable.filter(isActive)
    const all = yield* toIssues(
      call,
      [...candidates, ...asked.readable.filter(isActive)],
      answer.labels,
      since
    )
    const { hasNextPage, endCursor } = answer.issues.pageInfo
    return {
      candidates: all.slice(0, candidates.length),
      tracked: all.slice(candidates.length),
      unreadable: [
        ...found.unreadable.map((issue) => ({ ...issue, candidate: true })),
        ...asked.unreadable.map((issue) => ({ ...issue, candidate: false }))
      ],
      endCursor: hasNextPage ? endCursor : null
    }
  })

  const get = Effect.fn("Linear.get")(function* (id: string): Effect.fn.Return<TrackedIssue, UpstreamError> {
    const call = { name: "get", to: `read the issue ${id}` }
    const roots = { labels: yield* labels.isStale }
    const since = labels.edition()
    const answer = yield* ask({
      ...call,
      document: documents.issue(roots),
      variables: { id, ...(roots.labels && { labels: named(names) }) },
      body: One
    })
    if (answer.issue.trashed === true) return yield* inTrash(call)
    const [issue] = yield* toIssues(call, [answer.issue], answer.labels, since)
    return issue ?? (yield* inTrash(call))
  })

  const isGone = Effect.fn("Linear.isGone")((id: string) =>
    ask({
      name: "get",
      to: `look up the issue ${id}`,
      document: documents.issueState,
      variables: { id },
      body: Schema.Struct({ issue: IssueNode.mapFields(Struct.pick(["archivedAt", "trashed"])) })
    }).pipe(
      Effect.map(({ issue }) => !isActive(issue)),
      Effect.catchIf(isNotFound, () => Effect.succeed(true))
    )
  )

  return { page, get, isGone }
}
