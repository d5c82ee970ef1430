import type { Budget } from "../../domain/Overview.ts"
import { budgetOf, numberIn } from "../client/limits.ts"
import type { Failure } from "./errors.ts"

/** What is left of the hour: of several installations, the one with the least. */
export const makeBudgets = () => {
  const byOwner = new Map<string, Budget>()
  return (owner: string, headers: Failure["headers"], now: number): ReadonlyArray<Budget> => {
    const part = (name: string) => numberIn(headers[`x-ratelimit-${name}`])
    const reset = part("reset")
    const resource = headers["x-ratelimit-resource"] ?? "core"
    const [told] = budgetOf("core", {
      limit: part("limit"),
      remaining: part("remaining"),
      resetAt: reset && reset * 1000
    })
    if (resource !== "core" || told === undefined) return []
    byOwner.set(owner, told)
    const current = [...byOwner.values()].filter(({ resetAt }) => resetAt.epochMilliseconds > now)
    return current.toSorted((a, b) => a.remaining - b.remaining).slice(0, 1)
  }
}
