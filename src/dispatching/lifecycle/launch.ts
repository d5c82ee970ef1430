import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { isFindable } from "../../domain/WorkflowInputs.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"

export const LaunchPolicy = Context.Reference("ai-implement/Lifecycle/LaunchPolicy", {
  defaultValue: () => ({
    /** The time by which the lease of a launch exceeds its request timeout. */
    leaseMargin: Duration.seconds(30),
    /** A run counts as absent after two empty look-ups with at least this between them… */
    lookupGap: Duration.seconds(30),
    /** …and the last one at least this long after the lease. */
    absenceAfterLease: Duration.minutes(2),
    /** A launch not decided by then is never sent again automatically. */
    undecidedAfter: Duration.minutes(15)
  })
})
export type LaunchPolicy = (typeof LaunchPolicy)["Service"]

export type LaunchStep =
  /** Launched, or ended: nothing to launch. */
  | { readonly _tag: "Nothing" }
  /** A stop was requested and nothing runs outside. */
  | { readonly _tag: "Cancel" }
  | { readonly _tag: "Send" }
  /** Someone began this attempt and did not record its answer. */
  | { readonly _tag: "MarkUncertain" }
  | { readonly _tag: "LookUp" }
  | { readonly _tag: "Wait"; readonly until: DateTime.Utc }
  | { readonly _tag: "Undecided" }

const maxResends = 1

const provenAbsent = (row: DispatchRow, policy: LaunchPolicy) =>
  row.launchLookups >= 2 &&
  row.launchLeaseUntil !== null &&
  row.launchLookedUpAt !== null &&
  DateTime.isGreaterThanOrEqualTo(
    row.launchLookedUpAt,
    DateTime.addDuration(row.launchLeaseUntil, policy.absenceAfterLease)
  )

/** The next step of the launch protocol, from the row alone. */
export const nextLaunchStep = (row: DispatchRow, now: DateTime.Utc, policy: LaunchPolicy): LaunchStep => {
  if (row.outcome !== null) return { _tag: "Nothing" }
  switch (row.status) {
    case "reserved":
      return row.stopRequestedAt === null ? { _tag: "Send" } : { _tag: "Cancel" }
    case "launching":
      return { _tag: "MarkUncertain" }
    case "uncertain": {
      if (!isFindable(row.launchUndeclaredInputs)) return { _tag: "Undecided" }
      if (provenAbsent(row, policy)) {
        if (row.stopRequestedAt !== null) return { _tag: "Cancel" }
        return { _tag: row.launchResends < maxResends ? "Send" : "Undecided" }
      }
      const since = row.launchUncertainAt ?? now
      if (DateTime.isGreaterThan(now, DateTime.addDuration(since, policy.undecidedAfter))) {
        return { _tag: "Undecided" }
      }
      if (row.launchLookedUpAt === null) return { _tag: "LookUp" }
      const next = DateTime.addDuration(row.launchLookedUpAt, policy.lookupGap)
      return DateTime.isGreaterThanOrEqualTo(now, next) ? { _tag: "LookUp" } : { _tag: "Wait", until: next }
    }
    case "running":
    case "stopping":
    case "succeeded":
    case "failed":
    case "timed_out":
    case "cancelled":
      return { _tag: "Nothing" }
  }
}

export type LaunchFailure =
  /** Certainly not accepted; a retry may succeed. */
  | { readonly _tag: "NotSent"; readonly after: Duration.Duration | null }
  /** Certainly not accepted; a retry would fail too. */
  | { readonly _tag: "Refused" }
  /** Refused for inputs the workflow does not declare; sent again without them. */
  | { readonly _tag: "Undeclared"; readonly inputs: ReadonlyArray<string> }
  | { readonly _tag: "Uncertain" }

/** What a failed launch call means for exactly-once. `sent`: the attempt had begun, so the call may have left. */
export const launchFailure = (error: UpstreamError, sent: boolean): LaunchFailure => {
  const { reason } = error
  switch (reason._tag) {
    case "RateLimited":
      return { _tag: "NotSent", after: Duration.seconds(reason.retryAfter) }
    case "Unavailable":
      return sent && reason.delivery === "unknown" ? { _tag: "Uncertain" } : { _tag: "NotSent", after: null }
    case "Malformed":
      return sent ? { _tag: "Uncertain" } : { _tag: "NotSent", after: null }
    case "Rejected":
      return reason.undeclaredInputs.length > 0
        ? { _tag: "Undeclared", inputs: reason.undeclaredInputs }
        : { _tag: "Refused" }
    case "NotFound":
      return { _tag: "Refused" }
    case "Unauthorized":
    case "NotConfigured":
      return { _tag: "NotSent", after: null }
  }
}
