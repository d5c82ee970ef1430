import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { OutcomeKind } from "./DispatchStatus.ts"
import { exponentialBackoff } from "./exponentialBackoff.ts"
import type { Phase } from "./Modes.ts"
import type { Outcome } from "./Outcome.ts"

const parkAfter = 3

/** The failure state of an issue in one phase. */
export interface FailureState {
  readonly failures: number
  readonly backoffUntil: DateTime.Utc | null
  readonly parkedAt: DateTime.Utc | null
  readonly last: string | null
}

const backoff = (kind: OutcomeKind, phase: Phase, failures: number) => {
  if (kind === "lost") return exponentialBackoff(Duration.minutes(1), failures - 1, Duration.hours(1))
  if (phase === "planning") return exponentialBackoff(Duration.minutes(5), failures - 1, Duration.hours(6))
  return null
}

/**
 * The failure state after an end; null when it is cleared. Implementation failures have no backoff: dedup delays
 * them. A cancelled dispatch changes nothing.
 */
export const recordEnd = (
  previous: FailureState | null,
  phase: Phase,
  outcome: Outcome,
  now: DateTime.Utc
): FailureState | null => {
  if (outcome.kind === "delivered") return null
  if (outcome.kind === "cancelled") return previous && { ...previous, backoffUntil: null }
  const failures = (previous?.failures ?? 0) + 1
  const wait = backoff(outcome.kind, phase, failures)
  const parked = failures >= parkAfter || outcome.reason === "no_change"
  return {
    failures,
    backoffUntil: wait === null ? null : DateTime.addDuration(now, wait),
    parkedAt: parked ? (previous?.parkedAt ?? now) : null,
    last: outcome.message
  }
}

/** Whether an implementation's end keeps its issue in the dedup window. */
export const keepsDedup = (kind: OutcomeKind) => kind !== "lost" && kind !== "cancelled"

/** Whether an end keeps the hold that an operator's cancel has put on the issue: a run that ended otherwise is not held. */
export const keepsHold = ({ kind, reason }: Outcome) =>
  kind === "cancelled" && (reason === "operator" || reason === "run_cancelled")

/** Who holds the issue by this end: the person who cancelled the run at its backend; null for every other end. */
export const heldBy = ({ facts, kind, reason }: Outcome) => {
  if (kind !== "cancelled" || reason !== "run_cancelled") return null
  return typeof facts["by"] === "string" ? facts["by"] : "a person"
}
