import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import type { Budget } from "../../domain/Overview.ts"

const maxRetryAfterSeconds = 3600

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
