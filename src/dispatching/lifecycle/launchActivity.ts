import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { RunnerCredentialsRepo } from "../dispatches/RunnerCredentialsRepo.ts"
import { backendOf, deadlineMinutes, type DispatchRow, placeOf } from "../dispatches/DispatchRow.ts"
import { SettlementsRepo } from "../dispatches/SettlementsRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import type { Outcome } from "../../domain/Outcome.ts"
import { AppConfig } from "../../platform/Config.ts"
import { ReadinessRepo } from "../readiness/ReadinessRepo.ts"
import { type LaunchRequest, RunBackends, type WorkflowLaunch } from "../../upstreams/RunBackends.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import { LaunchTimeout } from "../../upstreams/client/call.ts"
import { launchFailure, nextLaunchStep, LaunchPolicy } from "./launch.ts"
import type { Mappings } from "../../admin/Mappings.ts"
import { planFor } from "../plans/planFor.ts"
import type { PlansRepo } from "../plans/PlansRepo.ts"
import { Tracker } from "../../upstreams/Tracker.ts"
import { stoppedOutcome } from "./observe.ts"
import { Settlement } from "./Settlement.ts"
import { again, againAt, done, pause, type Step, StepRetry } from "./step.ts"
import type { DispatchId } from "../../domain/Ids.ts"

const lost = (reason: "launch_refused" | "upstream_down", message: string): Outcome => ({
  kind: "lost",
  reason,
  message,
  facts: {}
})

const unconfirmed = (row: DispatchRow): Outcome => ({
  kind: "failed",
  reason: "launch_unconfirmed",
  message: `${backendOf(row)} did not say whether the run started, and it could not be found by its dispatch id. It was not sent again. Look on ${backendOf(row)}, then retry here.`,
  facts: {}
})

type Said = Pick<WorkflowLaunch, "comments" | "plan">

// What a workflow receives besides the row. With a callback the run fetches the comments itself.
const saidOf = Effect.fnUntraced(function* (
  row: DispatchRow
): Effect.fn.Return<
  Said | { readonly missing: string },
  UpstreamError,
  AppConfig | Tracker | SettlementsRepo | PlansRepo | Mappings
> {
  const { PUBLIC_URL } = yield* AppConfig
  const tracker = yield* Tracker
  const settlements = yield* SettlementsRepo
  const plan = yield* planFor(row)
  if (plan._tag === "Missing") return { missing: plan.why }
  if (PUBLIC_URL !== null || placeOf(row).kind === "fly") return { plan: plan.text, comments: [] }
  const ours = yield* settlements.commentIds(row.issueId)
  const { comments } = yield* tracker.discussion({ issueId: row.issueId, ours })
  return { plan: plan.text, comments }
})

// What is sent, all of it from the row: later changes of the mapping do not reach it.
const requestOf = Effect.fnUntraced(function* (
  row: DispatchRow,
  said: Said,
  proceed: Effect.Effect<boolean>
): Effect.fn.Return<LaunchRequest, never, AppConfig | RunnerCredentialsRepo> {
  const { PUBLIC_URL } = yield* AppConfig
  const work = {
    dispatchId: row.id,
    issueId: row.issueId,
    issueIdentifier: row.issueIdentifier,
    issueTitle: row.issueTitle,
    issueDescription: row.issueDescription,
    phase: row.phase,
    owner: row.owner,
    repo: row.repo,
    ref: row.ref,
    branch: row.branch,
    provider: row.provider,
    awsRegion: row.awsRegion,
    sessionMode: row.sessionMode,
    extraEnv: row.extraEnv,
    callbackUrl: PUBLIC_URL,
    prNumber: row.prNumber,
    proceed
  }
  const place = placeOf(row)
  if (place.kind === "github") {
    return {
      ...work,
      kind: "github",
      workflowFile: row.workflowFile ?? "",
      planFeedback: row.planFeedback,
      previousPlan: row.previousPlan,
      issueUrl: row.issueUrl,
      deadlineMinutes: deadlineMinutes(row),
      ...said,
      undeclaredInputs: row.launchUndeclaredInputs
    }
  }
  const credentials = yield* RunnerCredentialsRepo
  return {
    ...work,
    kind: "fly",
    teamKey: row.teamKey,
    app: place.app,
    region: row.flyRegion,
    cpus: row.machineCpus ?? 1,
    memoryMb: row.machineMemoryMb ?? 1024,
    credential: yield* credentials.issue(row.id, "machine")
  }
})

// Sends the launch: the row turns `launching` when the request is ready to leave, and never earlier.
const send = Effect.fnUntraced(function* (row: DispatchRow, tries: number) {
  const runBackends = yield* RunBackends
  const transitions = yield* TransitionsRepo
  const settlement = yield* Settlement
  const readiness = yield* ReadinessRepo
  const credentials = yield* RunnerCredentialsRepo
  const policy = yield* LaunchPolicy
  const retry = yield* StepRetry
  const launchTimeout = yield* LaunchTimeout
  let attempt: number | null = null

  const proceed = Effect.gen(function* () {
    const now = yield* DateTime.now
    const lease = DateTime.addDuration(now, Duration.sum(launchTimeout, policy.leaseMargin))
    const begun = yield* transitions.beginLaunch(row.id, row.launchAttempt, lease, row.launchUndeclaredInputs)
    if (begun === null) return false
    attempt = begun.launchAttempt
    return DateTime.isLessThan(yield* DateTime.now, lease)
  })

  const notSent = Effect.fnUntraced(function* (message: string, after: Duration.Duration) {
    if (attempt !== null) yield* transitions.release(row.id, attempt, message)
    const now = yield* DateTime.now
    if (DateTime.isGreaterThan(now, DateTime.addDuration(row.reservedAt, policy.undecidedAfter))) {
      yield* settlement.writeOutcome(row.id, lost("upstream_down", message), null)
      return done
    }
    return again(after)
  })

  const said = yield* Effect.result(saidOf(row))
  if (Result.isFailure(said)) return yield* notSent(said.failure.message, pause(tries, retry))
  if ("missing" in said.success) {
    yield* settlement.writeOutcome(row.id, lost("launch_refused", said.success.missing), null)
    return done
  }
  const request = yield* requestOf(row, said.success, proceed)

  const failed = Effect.fnUntraced(function* (error: UpstreamError) {
    const failure = launchFailure(error, attempt !== null)
    if (failure._tag !== "Uncertain" && request.kind === "fly") yield* credentials.revoke(request.credential)
    switch (failure._tag) {
      case "NotSent":
        return yield* notSent(error.message, failure.after ?? pause(tries, retry))
      case "Refused":
        yield* readiness.invalidate(row.teamKey)
        yield* settlement.writeOutcome(row.id, lost("launch_refused", error.message), null)
        return done
      case "Undeclared": {
        yield* readiness.invalidate(row.teamKey)
        const undeclared = [...new Set([...row.launchUndeclaredInputs, ...failure.inputs])]
        if (undeclared.length === row.launchUndeclaredInputs.length) {
          yield* settlement.writeOutcome(row.id, lost("launch_refused", error.message), null)
          return done
        }
        yield* transitions.noteUndeclaredInputs(row.id, attempt ?? row.launchAttempt, undeclared)
        return again(Duration.zero)
      }
      case "Uncertain":
        yield* transitions.markUncertain(
          row.id,
          attempt ?? row.launchAttempt,
          `${backendOf(row)} did not answer the launch (${error.message}); looking for the run by dispatch id`
        )
        return again(Duration.zero)
    }
  })

  return yield* runBackends.launch(request).pipe(
    Effect.flatMap((run) =>
      run === null
        ? transitions
            .markUncertain(
              row.id,
              row.launchAttempt + 1,
              `${backendOf(row)} accepted the launch without naming the run`
            )
            .pipe(Effect.as(again(Duration.zero)))
        : transitions.markRunning(row.id, run).pipe(Effect.as(done))
    ),
    Effect.catch(failed)
  )
})

const lookUp = Effect.fnUntraced(function* (row: DispatchRow, tries: number) {
  const runBackends = yield* RunBackends
  const transitions = yield* TransitionsRepo
  const policy = yield* LaunchPolicy
  const retry = yield* StepRetry
  return yield* runBackends.find({ place: placeOf(row), dispatchId: row.id, since: row.reservedAt }).pipe(
    Effect.flatMap(([oldest]) =>
      oldest === undefined
        ? transitions.recordLaunchLookup(row.id, row.launchAttempt).pipe(Effect.as(again(Duration.zero)))
        : transitions.markRunning(row.id, oldest.run).pipe(Effect.as(done))
    ),
    Effect.catch(({ message }) =>
      Effect.as(
        Effect.logWarning(
          `Could not look for the run of ${row.issueIdentifier}; it is tried again: ${message}`
        ),
        again(Duration.min(pause(tries, retry), policy.lookupGap))
      )
    )
  )
})

/** One step of the launch protocol, decided from the row as it is now. `Done`: launched, or ended. */
export const launchOnce = Effect.fn("Lifecycle.launch")(function* (
  dispatchId: DispatchId,
  tries: number
): Effect.fn.Return<
  Step,
  never,
  | RunBackends
  | TransitionsRepo
  | Settlement
  | SettlementsRepo
  | AppConfig
  | ReadinessRepo
  | RunnerCredentialsRepo
  | Tracker
  | PlansRepo
  | Mappings
> {
  const transitions = yield* TransitionsRepo
  const settlement = yield* Settlement
  const policy = yield* LaunchPolicy
  const row = yield* transitions.find(dispatchId)
  if (row === null) return done
  const now = yield* DateTime.now
  const step = nextLaunchStep(row, now, policy)
  switch (step._tag) {
    case "Nothing":
      return done
    case "Cancel":
      yield* settlement.writeOutcome(row.id, stoppedOutcome(row), null)
      return done
    case "Send":
      return yield* send(row, tries)
    case "MarkUncertain":
      yield* transitions.markUncertain(
        row.id,
        row.launchAttempt,
        "The service stopped while it launched; looking for the run by dispatch id"
      )
      return again(Duration.zero)
    case "LookUp":
      return yield* lookUp(row, tries)
    case "Wait":
      return againAt(step.until, now)
    case "Undecided":
      yield* settlement.writeOutcome(row.id, unconfirmed(row), null)
      return done
  }
})
