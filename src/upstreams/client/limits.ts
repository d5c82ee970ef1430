import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Duration from "effect/Duration"
import { exponentialBackoff } from "../../domain/exponentialBackoff.ts"
import type { Budget } from "../../domain/Overview.ts"

const maxRetryAfterSeconds = 3600

/** Refusals in a row for a rate limit that names no time: how many waits they were, and when the last one began, in ms. */
export interface Limited {
  readonly waits: number
  readonly since: number
}

export const limitedSeconds = (waits: number, max: Duration.Duration) =>
  Duration.toSeconds(exponentialBackoff(Duration.minutes(1), waits - 1, max))

/** After one more answer. Those to requests that were sent during one wait belong to that wait. */
export const nextLimited = (
  before: Limited | null,
  refused: boolean,
  now: number,
  max: Duration.Duration
): Limited | null => {
  if (before !== null && now < before.since + limitedSeconds(before.waits, max) * 1000) return before
  return refused ? { waits: (before?.waits ?? 0) + 1, since: now } : null
}

/** The limit of pages read from one list, whatever the upstream announces. */
export const maxPages = 100

/** The seconds to wait on an upstream's request: whole, at least 1, at most an hour. */
export const waitOf = (seconds: number) => Math.min(Math.max(1, Math.ceil(seconds)), maxRetryAfterSeconds)

export const numberIn = (header: string | number | null | undefined) => {
  const value = header === null || header === undefined || header === "" ? NaN : Number(header)
  return Number.isFinite(value) ? value : undefined
}

/** A budget from an upstream's headers, `resetAt` in ms of the epoch; none when a part is missing. */
export const budgetOf = (
  kind: string,
  { limit, remaining, resetAt }: { readonly [Key in "limit" | "remaining" | "resetAt"]: number | undefined }
): ReadonlyArray<Budget> => {
  const reset = Option.getOrUndefined(DateTime.make(resetAt ?? NaN))
  return limit === undefined || remaining === undefined || reset === undefined
    ? []
    : [{ kind, limit, remaining, resetAt: reset }]
}
