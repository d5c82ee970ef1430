import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import { logAndContinue } from "../../platform/loops.ts"
import { AppConfig } from "../../platform/Config.ts"
import { Admission } from "../admission/AdmissionRepo.ts"
import { FactsRepo } from "../issues/FactsRepo.ts"
import { SettlementsRepo } from "../dispatches/SettlementsRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { closedStates, isCanceled } from "../../domain/IssueState.ts"
import { occupyingLabels, hasLabel } from "../../domain/Labels.ts"
import type { Reason } from "../../domain/Reason.ts"
import { Tracker, type TrackedIssue } from "../../upstreams/Tracker.ts"
import { Lifecycle } from "../lifecycle/Lifecycle.ts"
import { Plans } from "../plans/Plans.ts"
import { Readiness } from "../readiness/Readiness.ts"
import { Questions } from "../questions/Questions.ts"
import { RunBackends } from "../../upstreams/RunBackends.ts"
import { maxPages } from "../../upstreams/client/limits.ts"
import { DecisionsRepo } from "../issues/DecisionsRepo.ts"
import { IssuesRepo } from "../issues/IssuesRepo.ts"
import { PassesRepo } from "./PassesRepo.ts"
import { type PlannedIssue, decideAll } from "../decision/decideAll.ts"
import { ContextReader } from "../context/ContextReader.ts"

export interface PassResult {
  /** Of a pass that failed: of the one before. */
  readonly candidates: number
  readonly dispatched: number
  readonly error: string | null
}

interface Reading {
  readonly readAt: DateTime.Utc
  readonly candidates: ReadonlyArray<TrackedIssue>
  readonly tracked: ReadonlyArray<TrackedIssue>
  readonly missing: ReadonlyArray<string>
  /** More were announced than are read. */
  readonly cut: boolean
}

/** Another holder polls by now. */
class Superseded extends Schema.TaggedError<Superseded>()("Superseded", { message: Schema.String }) {}

/** A pass that did not come to its end. */
export const failed = (lastCount: number, error: string): PassResult => ({
  candidates: lastCount,
  dispatched: 0,
  error
})

const maxPageSize = 50

const pageSize = (lastCount: number) => Math.min(maxPageSize, Math.max(10, Math.ceil(lastCount / 10) * 10))

/** All pages of candidates up to `maxPages`, and the tracked issues with the first. */
const read = Effect.fn("Pass.read")(function* (
  lastCount: number,
  trackedIds: ReadonlyArray<string>,
  asked: Ref.Ref<number>
) {
  const tracker = yield* Tracker
  const { PICKUP_LABEL } = yield* AppConfig
  const readAt = yield* DateTime.now
  const candidates: Array<TrackedIssue> = []
  let tracked: ReadonlyArray<TrackedIssue> = []
  let after: string | null = null
  let pages = 0
  do {
    yield* Ref.update(asked, (requests) => requests + 1)
    const page: Effect.Success<ReturnType<typeof tracker.page>> = yield* tracker.page({
      pickupLabel: PICKUP_LABEL,
      first: pages === 0 ? pageSize(lastCount) : maxPageSize,
      after,
      tracked: pages === 0 ? trackedIds : []
    })
    pages++
    candidates.push(...page.candidates)
    if (after === null) tracked = page.tracked
    after = page.endCursor
  } while (after !== null && pages < maxPages)
  const seen = new Set([...candidates, ...tracked].map(({ id }) => id))
  const missing = trackedIds.filter((id) => !seen.has(id))
  return {
    readAt,
    candidates: Arr.dedupeWith(candidates, (a, b) => a.id === b.id),
    tracked,
    missing,
    cut: after !== null
  } satisfies Reading
})

const decide = Effect.fn("Pass.decide")(function* (reading: Reading) {
  const facts = yield* FactsRepo
  const contextReader = yield* ContextReader
  const readiness = yield* Readiness
  const mappings = yield* facts.mappings
  const awaited = new Set(reading.candidates.map(({ team }) => team.key))
  yield* readiness.refresh(mappings.filter(({ paused, teamKey }) => !paused && awaited.has(teamKey)))
  const context = yield* contextReader.read
  const { hourlyLimit, candidates } = yield* facts.gather(
    reading.candidates,
    reading.readAt,
    mappings,
    context
  )
  return { context, planned: decideAll(context, candidates, hourlyLimit) }
})

const perAdmission = 10

/** Admits every planned dispatch, few at a time, and starts it; a refusal becomes the issue's decision. */
const dispatch = Effect.fn("Pass.dispatch")(function* (
  epoch: number,
  readAt: DateTime.Utc,
  { context, planned }: Effect.Success<ReturnType<typeof decide>>
): Effect.fn.Return<ReadonlyArray<PlannedIssue>, never, Admission | Lifecycle> {
  const admission = yield* Admission
  const lifecycle = yield* Lifecycle
  const refused = new Map<string, Reason>()

  const admit = Effect.fnUntraced(function* (issues: Arr.NonEmptyReadonlyArray<TrackedIssue>) {
    const admitted = yield* admission.admit({ issues, readAt, trigger: "poll", by: null, context, epoch })
    for (const each of admitted) if (each.dispatch === null) refused.set(each.issueId, each.reason)
    const rows = admitted.flatMap(({ dispatch }) => dispatch ?? [])
    yield* Effect.forEach(rows, lifecycle.start, { concurrency: 8, discard: true })
  })

  const wanted = planned.flatMap(({ facts, decision }) => (decision.kind === "dispatch" ? facts.issue : []))
  yield* Effect.forEach(
    Object.values(Arr.groupBy(wanted, ({ team }) => team.key)),
    (issues) => Effect.forEach(Arr.chunksOf(issues, perAdmission), admit, { discard: true }),
    { concurrency: 4, discard: true }
  )
  return planned.map((each) => {
    const reason = refused.get(each.facts.issue.id)
    return reason === undefined ? each : { facts: each.facts, decision: { kind: "wait", reason } }
  })
})

/** A completed issue goes on without our run label; its run goes on too. */
const unlabelCompleted = Effect.fn("Pass.unlabelCompleted")(function* (issue: TrackedIssue) {
  const tracker = yield* Tracker
  const settlements = yield* SettlementsRepo
  const remove = occupyingLabels.filter((label) => hasLabel(issue.labels, label))
  if (issue.state.type !== "completed" || remove.length === 0) return
  yield* tracker.change({ issueId: issue.id, teamId: issue.team.id, add: [], remove, start: false }).pipe(
    Effect.flatMap((labels) => settlements.labelsAre(issue.id, labels)),
    Effect.catch((error) =>
      Effect.logWarning(`Could not take labels off ${issue.identifier}: ${error.message}`)
    )
  )
})

/** A holder that was frozen leaves what it read before unused: its successor knows better. */
const stillHolds = Effect.fnUntraced(function* (epoch: number) {
  const repo = yield* PassesRepo
  if (yield* repo.holds(epoch)) return
  return yield* new Superseded({
    message: "Another replica polls now. What this pass read was left unused; the other one reads for itself."
  })
})

/** What happened to issues while we owe them something. */
const follow = Effect.fn("Pass.follow")(function* (epoch: number, tracked: ReadonlyArray<TrackedIssue>) {
  const repo = yield* IssuesRepo
  const transitions = yield* TransitionsRepo
  const lifecycle = yield* Lifecycle
  const { PICKUP_LABEL } = yield* AppConfig
  const closed = tracked.filter(({ state }) => closedStates.includes(state.type))
  if (closed.length > 0) yield* repo.forget(closed.map(({ id }) => id))
  yield* Effect.forEach(closed, unlabelCompleted, { discard: true })
  const canceled = new Set(closed.filter(({ state }) => isCanceled(state.type)).map(({ id }) => id))
  const deleted = new Set(yield* repo.deleted)
  const unlabelled = new Set(
    tracked.filter(({ labels }) => !hasLabel(labels, PICKUP_LABEL)).map(({ id }) => id)
  )
  if (canceled.size + deleted.size + unlabelled.size === 0) return
  yield* stillHolds(epoch)
  for (const row of yield* transitions.live) {
    const stop = canceled.has(row.issueId)
      ? ({ reason: "issue_canceled", message: "The issue was canceled: stopping" } as const)
      : deleted.has(row.issueId)
        ? ({ reason: "issue_deleted", message: "The issue was deleted: stopping" } as const)
        : unlabelled.has(row.issueId) && row.status === "reserved" && row.trigger === "poll"
          ? ({ reason: "pickup_label_removed", message: "The pickup label was taken off: ending" } as const)
          : null
    if (stop !== null) yield* lifecycle.stop(row.id, { by: "the service", ...stop })
  }
})

/** What people replied to open questions. Answers how many requests it took. */
const takeReplies = Effect.fn("Pass.takeReplies")(function* () {
  const questions = yield* Questions
  return yield* questions.takeReplies.pipe(
    Effect.catch((error) =>
      Effect.as(Effect.logWarning(`Replies to questions could not be read: ${error.message}`), 1)
    )
  )
})

const maxRecovered = 500

/** Every unsettled dispatch has a workflow that moves it, and is woken when it has ended. */
const recover = Effect.fn("Pass.recover")(function* () {
  const transitions = yield* TransitionsRepo
  const lifecycle = yield* Lifecycle
  const unsettled = yield* transitions.unsettledToCheck(maxRecovered)
  yield* Effect.forEach(
    unsettled,
    (row) => lifecycle.ensure(row).pipe(logAndContinue(`Could not take ${row.issueIdentifier} up again`)),
    { concurrency: 8, discard: true }
  )
})

const probeIfDown = Effect.fn("Pass.probeIfDown")(function* () {
  const runBackends = yield* RunBackends
  const contextReader = yield* ContextReader
  const { down, fly } = yield* contextReader.read
  if (down.github !== null) yield* Effect.ignore(runBackends.probe({ kind: "github", owner: "", repo: "" }))
  if (down.fly !== null && fly.app !== null)
    yield* Effect.ignore(runBackends.probe({ kind: "fly", app: fly.app }))
})

const dispatchAll = Effect.fn("Pass.dispatchAll")(function* (
  passId: string,
  epoch: number,
  reading: Reading
) {
  const repo = yield* IssuesRepo
  const decisions = yield* DecisionsRepo
  const plans = yield* Plans
  yield* stillHolds(epoch)
  const candidateIds = new Set(reading.candidates.map(({ id }) => id))
  const stored = yield* repo.storeIssues(
    [
      ...reading.candidates.map((issue) => ({ ...issue, candidate: true })),
      ...reading.tracked
        .filter(({ id }) => !candidateIds.has(id))
        .map((issue) => ({ ...issue, candidate: false }))
    ],
    reading.missing,
    reading.readAt
  )
  yield* repo.keepCandidates([...candidateIds], reading.readAt)
  yield* plans.follow([...reading.candidates, ...reading.tracked], reading.readAt)
  yield* follow(
    epoch,
    reading.tracked.filter(({ id }) => stored.has(id))
  )
  const made = yield* decide(reading)
  const decided = yield* dispatch(epoch, reading.readAt, made)
  yield* decisions.store(passId, epoch, made.context.now, decided)
  return decided.filter(({ decision }) => decision.kind === "dispatch").length
})

const tooMany = `Linear announces more than ${maxPages} pages of issues with the pickup label; only these were looked at. Take the label off issues that are not to be implemented.`

/** One pass, whole. Not reaching Linear means *unknown*: nothing is cleared, and the dispatches live on. `asked` counts its calls. */
export const runPass = Effect.fn("Pass.run")(function* (
  passId: string,
  epoch: number,
  lastCount: number,
  asked: Ref.Ref<number>
) {
  const repo = yield* IssuesRepo
  const facts = yield* FactsRepo
  const { LINEAR_API_KEY } = yield* AppConfig
  yield* repo.expireDedup()
  yield* recover()
  yield* probeIfDown()
  const looks = yield* takeReplies()
  yield* Ref.update(asked, (requests) => requests + looks)
  const trackedIds = yield* repo.tracked
  const mapped = (yield* facts.mappings).length > 0
  const idle: PassResult = { candidates: 0, dispatched: 0, error: null }
  if (LINEAR_API_KEY === null || (!mapped && trackedIds.length === 0)) return idle
  return yield* read(lastCount, trackedIds, asked).pipe(
    Effect.flatMap((reading) =>
      dispatchAll(passId, epoch, reading).pipe(
        Effect.map((dispatched): PassResult => ({
          candidates: reading.candidates.length,
          dispatched,
          error: reading.cut ? tooMany : null
        }))
      )
    ),
    Effect.catch(({ message }) => Effect.succeed(failed(lastCount, message)))
  )
})
