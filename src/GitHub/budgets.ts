import * as DateTime from "effect/DateTime"
import type { Budget } from "../domain/Overview.ts"
import type { Failure } from "./errors.ts"

/** What is left of the hour: of several installations, the one with the least. */
export const makeBudgets = () => {
  const byOwner = new Map<string, Budget>()
  return (owner: string, headers: Failure["headers"], now: number): ReadonlyArray<Budget> => {
    const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((part) =>
      Number(headers[`x-ratelimit-${part}`] ?? NaN)
    )
    if (limit === undefined || remaining === undefined || reset === undefined) return []
    const resource = headers["x-ratelimit-resource"] ?? "core"
    if (resource !== "core" || ![limit, remaining, reset].every(Number.isFinite)) return []
    byOwner.set(owner, { kind: "core", limit, remaining, resetAt: DateTime.makeUnsafe(reset * 1000) })
    const current = [...byOwner.values()].filter(({ resetAt }) => resetAt.epochMilliseconds > now)
    return current.toSorted((a, b) => a.remaining - b.remaining).slice(0, 1)
  }
}
