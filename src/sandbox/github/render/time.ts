import * as DateTime from "effect/DateTime"

export const time = (millis: number) =>
  DateTime.formatIso(DateTime.makeUnsafe(millis)).replace(/\.\d+Z$/, "Z")

export const timeOrNull = (millis: number | null) => (millis === null ? null : time(millis))
