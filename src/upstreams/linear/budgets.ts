import type { Budget } from "../../domain/Overview.ts"
import { budgetOf, numberIn } from "../client/limits.ts"

/** What Linear says is left of the hour, by its headers. */
export const budgetsOf = (headers: Headers | undefined): ReadonlyArray<Budget> =>
  ["requests", "complexity"].flatMap((kind) => {
    const part = (name: string) => numberIn(headers?.get(`x-ratelimit-${kind}-${name}`))
    return budgetOf(kind, { limit: part("limit"), remaining: part("remaining"), resetAt: part("reset") })
  })
