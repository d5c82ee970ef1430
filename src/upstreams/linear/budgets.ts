import type { Budget } from "../../domain/Overview.ts"
import type { Answer } from "../client/errors.ts"
import { budgetOf, numberIn } from "../client/limits.ts"

export const budgetsOf = (headers: Answer["headers"]): ReadonlyArray<Budget> =>
  ["requests", "complexity"].flatMap((kind) => {
    const part = (name: string) => numberIn(headers[`x-ratelimit-${kind}-${name}`])
    return budgetOf(kind, { limit: part("limit"), remaining: part("remaining"), resetAt: part("reset") })
  })
