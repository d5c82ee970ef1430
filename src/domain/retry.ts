import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { exponentialBackoff } from "./exponentialBackoff.ts"

/** The wait doubles from `retryBase` up to `retryMax`. Without `maxAttempts` and `giveUpAfter` retries never end. */
export interface RetryPolicy {
  readonly retryBase: Duration.Duration
  readonly retryMax: Duration.Duration
  readonly maxAttempts?: number
  readonly giveUpAfter?: Duration.Duration
}

interface Attempts {
  readonly attempts: number
  readonly firstAt: DateTime.Utc
  readonly now: DateTime.Utc
}

/** A permanent failure ends the retries; `retryAfter` is the shortest wait that the upstream allows. */
export interface AttemptFailure {
  readonly permanent?: boolean
  readonly retryAfter?: Duration.Duration
}

type RetryDecision = { readonly _tag: "Again"; readonly at: DateTime.Utc } | { readonly _tag: "GiveUp" }

/** The wait after attempt number `attempts`, which counts from 1. */
export const retryWait = ({ retryBase, retryMax }: RetryPolicy, attempts: number) =>
  exponentialBackoff(retryBase, attempts - 1, retryMax)

/** Whether and when work stored in the database is tried again. */
export const decideRetry = (
  policy: RetryPolicy,
  { attempts, firstAt, now }: Attempts,
  { permanent = false, retryAfter = Duration.zero }: AttemptFailure = {}
): RetryDecision => {
  const { giveUpAfter = Duration.infinity, maxAttempts = Infinity } = policy
  const age = DateTime.distance(firstAt, now)
  if (permanent || attempts >= maxAttempts || Duration.isGreaterThan(age, giveUpAfter)) {
    return { _tag: "GiveUp" }
  }
  const wait = Duration.max(retryWait(policy, attempts), retryAfter)
  return { _tag: "Again", at: DateTime.addDuration(now, wait) }
}
