import * as Arr from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { logAndContinue, singletonLoop } from "../../platform/loops.ts"
import { backendOf, type DispatchRow, placeOf } from "../dispatches/DispatchRow.ts"
import { type FoundPullRequest, PullRequestsRepo } from "../dispatches/PullRequestsRepo.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import type { Outcome } from "../../domain/Outcome.ts"
import { Lifecycle } from "./Lifecycle.ts"
import { ReadinessRepo } from "../readiness/ReadinessRepo.ts"
import { CodeHost } from "../../upstreams/CodeHost.ts"
import {
  MachineRuns,
  type ObservedRun,
  type Place,
  type RunKind,
  RunBackends
} from "../../upstreams/RunBackends.ts"
import { MachinesRepo } from "../dispatches/MachinesRepo.ts"
import { Signals } from "../../platform/Signals.ts"
import { isNotFound, type UpstreamError } from "../../upstreams/UpstreamError.ts"
import { takeLeftReport } from "./leftReport.ts"
import {
  asksForCancellation,
  MonitorPolicy,
  type Observation,
  observe,
  observePlaceGone,
  stoppedOutcome
} from "./observe.ts"
import { Settlement } from "./Settlement.ts"
import { isLastCheck, nextCheck, noRepositoryOutcome, pullRequestOutcome } from "./pullRequest.ts"

const end = Effect.fnUntraced(function* (
  row: DispatchRow,
  outcome: Outcome,
  pullRequest: FoundPullRequest | null = null
) {
  const settlement = yield* Settlement
  const lifecycle = yield* Lifecycle
  const written = yield* settlement.writeOutcome(row.id, outcome, pullRequest)
  if (written === null) return
  yield* Effect.logInfo(`${row.issueIdentifier} ended: ${outcome.kind}`).pipe(
    Effect.annotateLogs({ dispatchId: row.id, reason: outcome.reason })
  )
  yield* lifecycle.ended(written)
})

// Its repository or app is gone: the next pass checks readiness again.
const endWithoutPlace = Effect.fnUntraced(function* (row: DispatchRow, outcome: Outcome) {
  const readiness = yield* ReadinessRepo
  yield* readiness.invalidate(row.teamKey)
  yield* end(row, outcome)
})

const findPullRequest = Effect.fn("Monitor.lookForPullRequest")(function* (row: DispatchRow) {
  const codeHost = yield* CodeHost
  const transitions = yield* TransitionsRepo
  const policy = yield* MonitorPolicy
  const { owner, repo } = row
  const found = yield* codeHost
    .pullRequest({
      owner,
      repo,
      branch: row.branch,
      issueIdentifier: row.issueIdentifier,
      since: row.reservedAt,
      number: row.report?.pullRequest?.number ?? null
    })
    .pipe(Effect.catchIf(isNotFound, () => Effect.succeed("no repository" as const)))
  if (found === "no repository") {
    const outcome = noRepositoryOutcome(row, policy)
    return yield* outcome === null
      ? transitions.recordPullRequestCheck(row.id)
      : endWithoutPlace(row, outcome)
  }
  const outcome = pullRequestOutcome(row, found, policy)
  if (outcome === null) return yield* transitions.recordPullRequestCheck(row.id)
  yield* end(row, outcome, found)
})

const noPlan: Outcome = {
  kind: "failed",
  reason: "no_plan",
  message: "the run ended well, but it reported no plan.",
  facts: {}
}

const findPlan = Effect.fn("Monitor.lookForPlan")(function* (row: DispatchRow) {
  const transitions = yield* TransitionsRepo
  const policy = yield* MonitorPolicy
  if (row.stopRequestedAt !== null) return yield* end(row, stoppedOutcome(row))
  if (!isLastCheck(row, policy)) return yield* transitions.recordPullRequestCheck(row.id)
  yield* end(row, noPlan)
})

const findResult = Effect.fn("Monitor.lookForResult")(function* (row: DispatchRow) {
  if (!nextCheck(row, yield* DateTime.now, yield* MonitorPolicy)) return
  yield* row.phase === "planning" ? findPlan(row) : findPullRequest(row)
})

const isEnd = ({ _tag }: Observation) => _tag === "Ended" || _tag === "EndedWell"

const apply = Effect.fn("Monitor.apply")(function* (row: DispatchRow, observed: ObservedRun | null) {
  const transitions = yield* TransitionsRepo
  const lifecycle = yield* Lifecycle
  const policy = yield* MonitorPolicy
  const runBackends = yield* RunBackends
  const cancellation =
    row.run !== null && asksForCancellation(row, observed)
      ? yield* runBackends.cancellation({ place: placeOf(row), run: row.run })
      : null
  const observation = observe(row, observed, yield* DateTime.now, policy, cancellation)
  if (observed?.state === "completed" && isEnd(observation) && (yield* takeLeftReport(row))) return
  switch (observation._tag) {
    case "Nothing":
      return
    case "Confirm":
      if (observed !== null) yield* transitions.markRunning(row.id, observed.run)
      return
    case "Missing":
      return yield* transitions.noteRunMissing(row.id, observation.times)
    case "Begun":
      return yield* transitions.noteRunBegun(row.id)
    case "Held":
      return yield* transitions.noteRunHeld(row.id, observation.state)
    case "NeverStarted":
      return yield* lifecycle.stop(row.id, {
        by: "the service",
        reason: "never_started",
        message: `${backendOf(row)} did not start the run in time: stopping it`
      })
    case "Ended":
      return yield* end(row, observation.outcome)
    case "EndedWell": {
      const ended = row.runEndedAt === null ? yield* transitions.noteRunEnded(row.id) : row
      if (ended !== null) yield* findResult(ended)
    }
  }
})

const applyPlaceGone = Effect.fn("Monitor.applyPlaceGone")(function* (row: DispatchRow) {
  const transitions = yield* TransitionsRepo
  const observation = observePlaceGone(row, yield* MonitorPolicy)
  switch (observation._tag) {
    case "Missing":
      return yield* transitions.noteRunMissing(row.id, observation.times)
    case "Ended":
      return yield* endWithoutPlace(row, observation.outcome)
    case "EndedWell":
      return yield* findResult(row)
    default:
      return
  }
})

const isRunOf = ({ run }: ObservedRun, row: DispatchRow) =>
  row.run?.kind === "github"
    ? run.kind === "github" && run.id === row.run.id
    : row.run?.kind === "fly" && run.kind === "fly" && run.machineId === row.run.machineId

/** Stops every run but the one that the dispatch follows; a launch may have recorded that one after `row` was read. */
const stopDuplicates = Effect.fn("Monitor.stopDuplicates")(function* (
  place: Place,
  row: DispatchRow,
  observed: ReadonlyArray<ObservedRun>
) {
  if (observed.length < 2) return
  const runBackends = yield* RunBackends
  const timeline = yield* TimelineRepo
  const followed = row.run === null ? yield* (yield* TransitionsRepo).find(row.id) : row
  if (followed === null || followed.run === null) return
  for (const duplicate of observed) {
    if (duplicate.state === "completed" || isRunOf(duplicate, followed)) continue
    yield* runBackends.stop({ place, run: duplicate.run, force: false })
    yield* timeline.addOnce(row.id, {
      type: "duplicate_stopped",
      message: "Asked a second run of this dispatch to stop",
      facts: { url: duplicate.run.url }
    })
  }
})

const guarded = <A, R>(what: string, follow: Effect.Effect<A, UpstreamError, R>) =>
  follow.pipe(
    Effect.catch((error) => Effect.logWarning(`Could not follow ${what}: ${error.message}`)),
    logAndContinue(`Could not follow ${what}`)
  )

const followPlace = Effect.fn("Monitor.followPlace")(function* (
  rows: Arr.NonEmptyReadonlyArray<DispatchRow>
) {
  const runBackends = yield* RunBackends
  const place = placeOf(rows[0])
  const since = Arr.min(
    Arr.map(rows, (row) => row.reservedAt),
    DateTime.Order
  )
  const known = rows.flatMap((row) => (row.run === null || row.runEndedAt !== null ? [] : row.run))
  const observed = yield* runBackends
    .list({ place, since, runs: known })
    .pipe(Effect.catchIf(isNotFound, () => Effect.succeed(null)))
  if (observed === null) {
    return yield* Effect.forEach(rows, (row) => guarded(row.issueIdentifier, applyPlaceGone(row)), {
      discard: true
    })
  }
  const byDispatch = Arr.groupBy(
    observed.filter((each) => each.dispatchId !== null),
    (each) => each.dispatchId ?? ""
  )
  for (const row of rows) {
    const own = (byDispatch[row.id] ?? []).toSorted((a, b) => DateTime.Order(a.createdAt, b.createdAt))
    const current = (row.run === null ? own[0] : observed.find((each) => isRunOf(each, row))) ?? null
    yield* guarded(row.issueIdentifier, Effect.andThen(apply(row, current), stopDuplicates(place, row, own)))
  }
})

const followPullRequests = Effect.fn("Monitor.followPullRequests")(function* () {
  const codeHost = yield* CodeHost
  const pullRequests = yield* PullRequestsRepo
  const signals = yield* Signals
  const open = yield* pullRequests.open
  for (const [, group] of Object.entries(Arr.groupBy(open, ({ owner, repo }) => `${owner}/${repo}`))) {
    const { owner, repo } = group[0]
    const numbers = group.map(({ number }) => number)
    yield* guarded(
      "pull requests",
      codeHost.pullRequests({ owner, repo, numbers }).pipe(
        Effect.flatMap((now) => pullRequests.update({ owner, repo }, now)),
        Effect.tap((ended) => (ended ? signals.notify("poller") : Effect.void))
      )
    )
  }
})

const followRuns = Effect.fn("Monitor.followRuns")(function* (kind: RunKind) {
  const transitions = yield* TransitionsRepo
  const live = (yield* transitions.live).filter((row) => row.launchAttempt > 0 && placeOf(row).kind === kind)
  const groups = Object.values(Arr.groupBy(live, (row) => JSON.stringify(placeOf(row))))
  yield* Effect.forEach(groups, (rows) => guarded("runs", followPlace(rows)), {
    concurrency: 4,
    discard: true
  })
  return groups.map(([row]) => placeOf(row))
})

const followMachines = Effect.fn("Monitor.followMachines")(function* () {
  const machines = yield* MachineRuns
  const followed = (yield* followRuns("fly")).flatMap((place) => (place.kind === "fly" ? place.app : []))
  const left = (yield* (yield* MachinesRepo).apps).filter((app) => !followed.includes(app))
  const since = yield* DateTime.now
  yield* Effect.forEach(
    left,
    (app) => guarded("machines", machines.list({ place: { kind: "fly", app }, since, runs: [] })),
    {
      discard: true
    }
  )
})

/** One replica follows the runs and pull requests of all dispatches: one request per place, not per dispatch. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const policy = yield* MonitorPolicy
    return Layer.mergeAll(
      singletonLoop(
        "monitor",
        "The monitor of GitHub",
        Effect.asVoid(followRuns("github")),
        policy.runInterval
      ),
      singletonLoop("machines", "The monitor of Fly", followMachines(), policy.machineInterval),
      singletonLoop(
        "pull-requests",
        "Following pull requests",
        followPullRequests(),
        policy.pullRequestInterval
      )
    )
  })
)
