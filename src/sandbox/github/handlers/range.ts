import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

const day = 24 * 60 * 60 * 1000

const spanOf = (text: string) => {
  const start = Option.getOrUndefined(DateTime.make(text))
  if (start === undefined) return undefined
  const from = DateTime.toEpochMillis(start)
  return { from, to: text.length === 10 ? from + day - 1 : from + 999 }
}

/** GitHub's date queries: `2026-01-31`, `>=…`, `>…`, `<=…`, `<…`, `a..b`, with `*` for an open end. */
export const inRange = (query: string | undefined, millis: number) => {
  if (query === undefined || query === "") return true
  const [from = "*", to] = query.split("..")
  if (to !== undefined) {
    return (
      (from === "*" || millis >= (spanOf(from)?.from ?? 0)) &&
      (to === "*" || millis <= (spanOf(to)?.to ?? Infinity))
    )
  }
  const [, operator = "", text = ""] = /^(>=|<=|>|<)?(.*)$/.exec(query) ?? []
  const span = spanOf(text)
  if (span === undefined) return false
  switch (operator) {
    case ">=":
      return millis >= span.from
    case ">":
      return millis > span.to
    case "<=":
      return millis <= span.to
    case "<":
      return millis < span.from
  }
  return millis >= span.from && millis <= span.to
}
