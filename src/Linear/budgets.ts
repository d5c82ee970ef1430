import * as DateTime from "effect/DateTime"
import type { Budget } from "../domain/Overview.ts"

export const numberIn = (headers: Headers | undefined, name: string) => {
  const text = headers?.get(name) ?? ""
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined
}

/** What Linear says is left of the hour, by its headers. */
export const budgetsOf = (headers: Headers | undefined): ReadonlyArray<Budget> =>
  ["requests", "complexity"].flatMap((kind) => {
    const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((part) =>
      numberIn(headers, `x-ratelimit-${kind}-${part}`)
    )
    if (limit === undefined || remaining === undefined || reset === undefined) return []
    return [{ kind, limit, remaining, resetAt: DateTime.makeUnsafe(reset) }]
  })
