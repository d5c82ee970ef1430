import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import type { Budget } from "../../domain/Overview.ts"

/** No limit of theirs is counted for longer, in seconds. */
const longest = 3600

/** No list of theirs is read further, whatever it announces. */
export const maxPages = 100

/** How long to wait, in seconds, of what an upstream asks for. */
export const waitOf = (seconds: number) => Math.min(Math.max(1, Math.ceil(seconds)), longest)

/** The number that a header holds, if any. */
export const numberIn = (header: string | number | null | undefined) => {
  const value = header === null || header === undefined || header === "" ? NaN : Number(header)
  return Number.isFinite(value) ? value : undefined
}

/** What is left, of an upstream's headers; `resetAt` in ms of the epoch. None when they do not tell. */
export const budgetOf = (
  kind: string,
  { limit, remaining, resetAt }: { readonly [Key in "limit" | "remaining" | "resetAt"]: number | undefined }
): ReadonlyArray<Budget> => {
  const reset = Option.getOrUndefined(DateTime.make(resetAt ?? NaN))
  return limit === undefined || remaining === undefined || reset === undefined
    ? []
    : [{ kind, limit, remaining, resetAt: reset }]
}
