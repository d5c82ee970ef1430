import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { backendOf, deadlineMinutes, type DispatchRow, placeOf } from "../dispatches/DispatchRow.ts"
import type { Outcome } from "../../domain/Outcome.ts"
import type { Cancellation, ObservedRun } from "../../upstreams/RunBackends.ts"

export const MonitorPolicy = Context.Reference("ai-implement/Lifecycle/MonitorPolicy", {
  defaultValue: () => ({
    runInterval: Duration.seconds(15),
    machineInterval: Duration.seconds(5),
    pullRequestInterval: Duration.minutes(5),
    neverStartedAfter: Duration.minutes(30),
    machineNeverStartedAfter: Duration.minutes(10),
    /** A machine, or a run whose app or repository, that is not found for so long is lost: a wrong token would look the same. */
    placeGoneAfter: Duration.minutes(5),
    /** The times after a run's end of the checks for its pull request or plan. */
    pullRequestLooks: [
      Duration.zero,
      Duration.seconds(60),
      Duration.minutes(4)
    ] as ReadonlyArray<Duration.Duration>
  })
})
export type MonitorPolicy = (typeof MonitorPolicy)["Service"]

export type Observation =
  | { readonly _tag: "Nothing" }
  /** The run of a launch not yet confirmed. */
  | { readonly _tag: "Confirm" }
  | { readonly _tag: "Ended"; readonly outcome: Outcome }
  /** The run ended well: what it left decides. */
  | { readonly _tag: "EndedWell" }
  | { readonly _tag: "NeverStarted" }
  /** Its work was seen for the first time: only the deadline ends it. */
  | { readonly _tag: "Begun" }
  /** It waits on GitHub, which is not a failure to start. */
  | { readonly _tag: "Held"; readonly state: "waiting" | "pending" }
  | { readonly _tag: "Missing"; readonly times: number }

const stopped = (row: DispatchRow): Outcome => {
  const by = row.stopRequestedBy ?? "the service"
  const minutes = deadlineMinutes(row)
  switch (row.stopReason) {
    case "deadline":
      return {
        kind: "timed_out",
        reason: "deadline",
        message: `the run did not finish within its ${minutes} minutes and was stopped.`,
        facts: { deadlineMinutes: minutes }
      }
    case "never_started":
      return {
        kind: "lost",
        reason: "never_started",
        message: `${backendOf(row)} did not start the run in time, so it was stopped. ${
          row.executionMode === "fly-machines"
            ? "Check the image, the region and the app on Fly."
            : "Check that runners are available."
        }`,
        facts: {}
      }
    case "issue_canceled":
      return { kind: "cancelled", reason: "issue_canceled", message: "the issue was canceled.", facts: {} }
    case "issue_deleted":
      return { kind: "cancelled", reason: "issue_deleted", message: "the issue was deleted.", facts: {} }
    case "pickup_label_removed":
      return {
        kind: "cancelled",
        reason: "pickup_label_removed",
        message: "the pickup label was removed before the launch.",
        facts: {}
      }
    case "question_unanswered":
      return {
        kind: "failed",
        reason: "question_unanswered",
        message: "no one answered its question in time.",
        facts: {}
      }
    case "operator":
    case null:
      return { kind: "cancelled", reason: "operator", message: `${by} stopped the run.`, facts: { by } }
  }
}

export const stoppedOutcome = stopped

/** The outcome of a stop that the run backend never confirmed. */
export const unconfirmedStop = (row: DispatchRow): Outcome => {
  const outcome = stopped(row)
  return {
    ...outcome,
    message: `${outcome.message} ${backendOf(row)} did not confirm the stop: check the run by hand.`,
    facts: { ...outcome.facts, confirmed: false }
  }
}

const checksBeforeVanished = 3

const vanished = (message: string): Outcome => ({ kind: "lost", reason: "run_vanished", message, facts: {} })

// The run was not found; after `maxChecks` in a row it has ended.
const missing = (row: DispatchRow, maxChecks: number, lost: Outcome): Observation => {
  const times = row.runMissing + 1
  if (times < maxChecks) return { _tag: "Missing", times }
  return { _tag: "Ended", outcome: row.stopRequestedAt !== null ? stopped(row) : lost }
}

const checksWithin = (duration: Duration.Duration, interval: Duration.Duration) =>
  Math.ceil(Duration.toMillis(duration) / Duration.toMillis(interval))

export const repositoryGone = ({ owner, repo }: DispatchRow) =>
  vanished(
    `the App is not installed on ${owner}/${repo} any more, or there is no such repository. Install it there or correct the mapping; if the run continues, cancel it on GitHub.`
  )

const appGone = (app: string) =>
  vanished(
    `the app ${app} is no longer found on Fly: it was deleted, or FLY_SESSIONS_TOKEN may not see it. Create it again or correct FLY_SESSIONS_APP; if it still exists, look for a machine left in it.`
  )

/** What it means for a live dispatch that not even the app or the repository of its run was found. */
export const observePlaceGone = (row: DispatchRow, policy: MonitorPolicy): Observation => {
  if (row.outcome !== null || row.run === null) return { _tag: "Nothing" }
  if (row.runEndedAt !== null) return { _tag: "EndedWell" }
  const place = placeOf(row)
  return place.kind === "fly"
    ? missing(row, checksWithin(policy.placeGoneAfter, policy.machineInterval), appGone(place.app))
    : missing(row, checksWithin(policy.placeGoneAfter, policy.runInterval), repositoryGone(row))
}

const neverStarted = (row: DispatchRow, now: DateTime.Utc, policy: MonitorPolicy) => {
  if (row.runBegunAt !== null || row.stopRequestedAt !== null) return false
  const queuedSince = row.runHeldAt ?? row.startedAt ?? now
  const wait =
    row.executionMode === "fly-machines" ? policy.machineNeverStartedAfter : policy.neverStartedAfter
  return DateTime.isGreaterThan(now, DateTime.addDuration(queuedSince, wait))
}

const timeLimit: Outcome = {
  kind: "timed_out",
  reason: "deadline",
  message: "GitHub stopped the run at the time limit of its workflow.",
  facts: {}
}

/** Whether the outcome of a live dispatch depends on who or what cancelled its run. */
export const asksForCancellation = (row: DispatchRow, observed: ObservedRun | null) =>
  row.run !== null &&
  row.outcome === null &&
  row.runEndedAt === null &&
  row.stopRequestedAt === null &&
  observed?.conclusion === "cancelled"

// Another run took its place, or it is not known who cancelled it: it is retried.
const cancelled = (row: DispatchRow, cancellation: Cancellation | null): Outcome => {
  const backend = backendOf(row)
  switch (cancellation?._tag) {
    case "Person": {
      const by =
        cancellation.login === null ? `a person on ${backend}` : `@${cancellation.login} on ${backend}`
      return {
        kind: "cancelled",
        reason: "run_cancelled",
        message: `${by} cancelled the run.`,
        facts: { by }
      }
    }
    case "TimeLimit":
      return timeLimit
    case "Superseded":
      return {
        kind: "lost",
        reason: "run_cancelled",
        message: `a newer run of its concurrency group took the place of the run on ${backend}.`,
        facts: {}
      }
    case undefined:
      return {
        kind: "lost",
        reason: "run_cancelled",
        message: `the run was cancelled on ${backend}, which does not say by whom.`,
        facts: {}
      }
  }
}

/** What the current state of its run means for a live dispatch; `observed` is null when the run was not found. */
export const observe = (
  row: DispatchRow,
  observed: ObservedRun | null,
  now: DateTime.Utc,
  policy: MonitorPolicy,
  cancellation: Cancellation | null = null
): Observation => {
  if (row.outcome !== null) return { _tag: "Nothing" }
  if (row.status === "launching" || row.status === "uncertain") {
    return observed === null ? { _tag: "Nothing" } : { _tag: "Confirm" }
  }
  if (row.run === null) return { _tag: "Nothing" }
  if (row.runEndedAt !== null) return { _tag: "EndedWell" }
  if (observed === null) {
    // A host of Fly that cannot be reached hides its machines for minutes.
    const checks =
      row.executionMode === "fly-machines" && row.stopRequestedAt === null
        ? Math.max(checksBeforeVanished, checksWithin(policy.placeGoneAfter, policy.machineInterval))
        : checksBeforeVanished
    return missing(
      row,
      checks,
      vanished(`the run is no longer known to ${backendOf(row)}; someone may have deleted it.`)
    )
  }
  if (observed.state === "completed") {
    switch (observed.conclusion) {
      case "success":
        return { _tag: "EndedWell" }
      case "cancelled":
        return {
          _tag: "Ended",
          outcome: row.stopRequestedAt !== null ? stopped(row) : cancelled(row, cancellation)
        }
      case "never_started":
        return {
          _tag: "Ended",
          outcome:
            row.stopRequestedAt !== null
              ? stopped(row)
              : {
                  kind: "lost",
                  reason: "never_started",
                  message: `${backendOf(row)} could not start the run${observed.detail === null ? "" : `: ${observed.detail}`}.`,
                  facts: {}
                }
        }
      case "timed_out":
        return { _tag: "Ended", outcome: timeLimit }
      case "failure":
      case "other":
      case null:
        return {
          _tag: "Ended",
          outcome:
            row.stopRequestedAt !== null
              ? stopped(row)
              : {
                  kind: "failed",
                  reason: "run_failed",
                  message:
                    observed.detail === null
                      ? `the run failed on ${backendOf(row)}. Its log says why.`
                      : `the run failed on ${backendOf(row)}: ${observed.detail}.`,
                  facts: {
                    conclusion: observed.conclusion ?? "unknown",
                    ...(observed.detail !== null && { detail: observed.detail })
                  }
                }
        }
    }
  }
  if (observed.state === "running" && row.runBegunAt === null) return { _tag: "Begun" }
  if (observed.state === "waiting" || observed.state === "pending") {
    return { _tag: "Held", state: observed.state }
  }
  if (observed.state === "queued" && neverStarted(row, now, policy)) return { _tag: "NeverStarted" }
  return row.runMissing > 0 ? { _tag: "Missing", times: 0 } : { _tag: "Nothing" }
}
