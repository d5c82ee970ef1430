import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { hasLabel } from "../../domain/Labels.ts"
import type { IssueChange } from "../Tracker.ts"
import { UpstreamError } from "../UpstreamError.ts"
import type { Ask } from "./client.ts"
import * as documents from "./documents.ts"
import { mayBeDone, type UpstreamCall } from "../client/errors.ts"
import { inTrash } from "./errors.ts"
import { Label, LabelPage, type Labels, named } from "./labels.ts"

const IssueLabels = Schema.Struct({
  nodes: Schema.Array(Schema.Struct({ id: Schema.String, name: Schema.String }))
})

const StartedStates = Schema.Struct({
  nodes: Schema.Array(Schema.Struct({ id: Schema.String, name: Schema.String, position: Schema.Finite }))
})

const Target = Schema.Struct({
  issue: Schema.Struct({
    trashed: Schema.NullOr(Schema.Boolean),
    state: Schema.Struct({ type: Schema.String }),
    team: Schema.Struct({ id: Schema.String, states: Schema.optionalKey(StartedStates) }),
    labels: IssueLabels
  }),
  labels: Schema.optionalKey(LabelPage)
})
type Target = (typeof Target.Type)["issue"]

const Updated = Schema.Struct({
  issueUpdate: Schema.Struct({ issue: Schema.NullOr(Schema.Struct({ labels: IssueLabels })) })
})

const Created = Schema.Struct({
  issueLabelCreate: Schema.Struct({ issueLabel: Label })
})

const notStarted = ["triage", "backlog", "unstarted"]

const startState = (issue: Target): string | null => {
  if (!notStarted.includes(issue.state.type)) return null
  const states = issue.team.states?.nodes ?? []
  const usual = states.find(({ name }) => name.toLowerCase() === "in progress")
  return (usual ?? states.toSorted((a, b) => a.position - b.position)[0])?.id ?? null
}

interface Input {
  readonly addedLabelIds?: ReadonlyArray<string>
  readonly removedLabelIds?: ReadonlyArray<string>
  readonly stateId?: string
}

const isRejected = ({ reason }: UpstreamError) => reason._tag === "Rejected"

const labelsAfter = (
  results: ReadonlyArray<ReadonlyArray<string> | UpstreamError>,
  before: ReadonlyArray<string>
) => {
  const last = results.at(-1)
  return last === undefined || last instanceof UpstreamError ? before : last
}

const mayBeStale = ({ reason }: UpstreamError) => reason._tag === "NotFound" || reason._tag === "Rejected"

export const makeChange = (ask: Ask, labels: Labels, names: ReadonlyArray<string>) => {
  const creating = Semaphore.makeUnsafe(1)

  const read = Effect.fnUntraced(function* (
    call: UpstreamCall,
    change: IssueChange,
    fresh: boolean
  ): Effect.fn.Return<Target, UpstreamError> {
    const unknown = change.add.some((name) => labels.find(change.teamId, name) === undefined)
    const roots = { start: change.start, labels: fresh || unknown }
    const since = labels.edition()
    const answer = yield* ask({
      ...call,
      document: documents.change(roots),
      variables: {
        id: change.issueId,
        ours: named(names),
        ...(roots.labels && { labels: named(names) })
      },
      body: Target
    })
    if (answer.labels !== undefined) yield* labels.store(call, answer.labels, since)
    if (answer.issue.trashed === true) return yield* inTrash(call)
    return answer.issue
  })

  const create = Effect.fnUntraced(function* (
    call: UpstreamCall,
    teamId: string,
    name: string
  ): Effect.fn.Return<string, UpstreamError> {
    const created = yield* ask({
      ...call,
      to: `create the label ${name}`,
      unanswered: mayBeDone,
      document: documents.createLabel,
      variables: { input: { name, teamId } },
      body: Created
    }).pipe(
      Effect.map(({ issueLabelCreate }) => issueLabelCreate.issueLabel),
      Effect.catchIf(
        ({ reason }) => reason._tag === "Rejected",
        (refused) => findAgain(call, teamId, name, refused)
      )
    )
    labels.add(created)
    return created.id
  })

  const findAgain = Effect.fnUntraced(function* (
    call: UpstreamCall,
    teamId: string,
    name: string,
    refused: UpstreamError
  ) {
    yield* labels.read(call)
    return labels.find(teamId, name) ?? (yield* refused)
  })

  const labelled = (call: UpstreamCall, teamId: string, name: string) => {
    const known = Effect.sync(() => labels.find(teamId, name)?.id)
    const orElse = (otherwise: Effect.Effect<string, UpstreamError>) => (id: string | undefined) =>
      id === undefined ? otherwise : Effect.succeed(id)
    const missing = Effect.flatMap(known, orElse(create(call, teamId, name)))
    return Effect.flatMap(known, orElse(creating.withPermit(missing)))
  }

  const apply = Effect.fnUntraced(function* (
    change: IssueChange,
    fresh: boolean
  ): Effect.fn.Return<ReadonlyArray<string>, UpstreamError> {
    const call = { name: "change", to: `change the labels of the issue ${change.issueId}` }
    const issue = yield* read(call, change, fresh)
    const current = issue.labels.nodes
    const currentNames = current.map(({ name }) => name)
    const teamId = issue.team.id
    const addedLabelIds = yield* Effect.forEach(
      change.add.filter((name) => !hasLabel(currentNames, name)),
      (name) => labelled(call, teamId, name)
    )
    const removedLabelIds = current.flatMap(({ id, name }) => (hasLabel(change.remove, name) ? [id] : []))
    const stateId = change.start ? startState(issue) : null
    if (addedLabelIds.length + removedLabelIds.length === 0 && stateId === null) {
      return labels.ours(currentNames)
    }
    const update = (to: string, input: Input) =>
      ask({
        ...call,
        to: `${to} of the issue ${change.issueId}`,
        unanswered: mayBeDone,
        document: documents.update,
        variables: { id: change.issueId, input, ours: named(names) },
        body: Updated
      }).pipe(
        Effect.flatMap(({ issueUpdate: { issue } }) =>
          issue === null ? inTrash(call) : Effect.succeed(issue)
        ),
        Effect.map(({ labels: after }) => labels.ours(after.nodes.map(({ name }) => name)))
      )
    const parts: ReadonlyArray<readonly [string, Input]> = [
      ...(removedLabelIds.length > 0 ? [["remove labels", { removedLabelIds }] as const] : []),
      ...addedLabelIds.map((id) => ["add a label", { addedLabelIds: [id] }] as const),
      ...(stateId === null ? [] : [["change the state", { stateId }] as const])
    ]
    const updated = update("change the labels", {
      ...(addedLabelIds.length > 0 && { addedLabelIds }),
      ...(removedLabelIds.length > 0 && { removedLabelIds }),
      ...(stateId !== null && { stateId })
    })
    // Linear refuses a change as a whole: what it takes of it is done all the same.
    const apart = Effect.fnUntraced(function* (
      refused: UpstreamError
    ): Effect.fn.Return<ReadonlyArray<string>, UpstreamError> {
      if (parts.length < 2) return yield* refused
      const results = yield* Effect.forEach(parts, ([to, input]) =>
        Effect.catchIf(update(to, input), isRejected, (refusal) => Effect.succeed(refusal))
      )
      const refusal = results.find((result) => result instanceof UpstreamError)
      return refusal === undefined ? labelsAfter(results, labels.ours(currentNames)) : yield* refusal
    })
    if (fresh) return yield* Effect.catchIf(updated, isRejected, apart)
    return yield* Effect.catchIf(updated, mayBeStale, () => apply(change, true))
  })

  return Effect.fn("Linear.change")((change: IssueChange) => apply(change, false))
}
