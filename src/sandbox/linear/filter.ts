import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { Unmodelled } from "./errors.ts"

type Filter = Readonly<Record<string, unknown>>

const isFilter = (value: unknown): value is Filter =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const instant = /^\d{4}-\d\d-\d\dT/

const time = (value: string): number | undefined =>
  Option.getOrUndefined(Option.map(DateTime.make(value), DateTime.toEpochMillis))

const units = { Y: 365 * 86_400_000, W: 7 * 86_400_000, D: 86_400_000, H: 3_600_000, S: 1000 }

const isoDuration =
  /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

const operand = (value: string, now: number): number | undefined => {
  const duration = isoDuration.exec(value)
  if (duration === null) return time(value)
  const [, sign, ...parts] = duration
  const [years, months, weeks, days, hours, minutes, seconds] = parts.map((part) => Number(part ?? 0))
  const millis =
    (years ?? 0) * units.Y +
    (months ?? 0) * 30 * units.D +
    (weeks ?? 0) * units.W +
    (days ?? 0) * units.D +
    (hours ?? 0) * units.H +
    (minutes ?? 0) * 60_000 +
    (seconds ?? 0) * units.S
  return sign === "-" ? now - millis : now + millis
}

const fold = (text: string): string => text.toLowerCase()
const plain = (text: string): string => fold(text.normalize("NFD").replaceAll(/\p{M}/gu, ""))

type Text = (value: string, argument: string) => boolean

const texts: Readonly<Record<string, Text>> = {
  eqIgnoreCase: (value, argument) => fold(value) === fold(argument),
  neqIgnoreCase: (value, argument) => fold(value) !== fold(argument),
  contains: (value, argument) => value.includes(argument),
  notContains: (value, argument) => !value.includes(argument),
  containsIgnoreCase: (value, argument) => fold(value).includes(fold(argument)),
  notContainsIgnoreCase: (value, argument) => !fold(value).includes(fold(argument)),
  containsIgnoreCaseAndAccent: (value, argument) => plain(value).includes(plain(argument)),
  startsWith: (value, argument) => value.startsWith(argument),
  startsWithIgnoreCase: (value, argument) => fold(value).startsWith(fold(argument)),
  notStartsWith: (value, argument) => !value.startsWith(argument),
  endsWith: (value, argument) => value.endsWith(argument),
  notEndsWith: (value, argument) => !value.endsWith(argument)
}

const orders: Readonly<Record<string, (difference: number) => boolean>> = {
  lt: (difference) => difference < 0,
  lte: (difference) => difference <= 0,
  gt: (difference) => difference > 0,
  gte: (difference) => difference >= 0
}

// Numbers and instants become numbers so that they can be compared and ordered.
const comparable = (value: unknown, argument: unknown, now: number): readonly [unknown, unknown] =>
  typeof value === "string" && instant.test(value) && typeof argument === "string"
    ? [time(value), operand(argument, now)]
    : [value, argument]

const equal = (value: unknown, argument: unknown, now: number): boolean => {
  const [left, right] = comparable(value, argument, now)
  return left === right
}

const list = (argument: unknown): ReadonlyArray<unknown> => (Array.isArray(argument) ? argument : [])

/** Whether a value answers a filter of Linear's schema: comparators, `and`, `or`, `null`, collections, nested objects. */
export const matches = (value: unknown, filter: unknown, now: number): boolean =>
  !isFilter(filter) || Object.entries(filter).every(([key, argument]) => holds(value, key, argument, now))

const holds = (value: unknown, key: string, argument: unknown, now: number): boolean => {
  if (argument === null || argument === undefined) return true
  switch (key) {
    case "and":
      return list(argument).every((part) => matches(value, part, now))
    case "or":
      return list(argument).some((part) => matches(value, part, now))
    case "null":
      return (Array.isArray(value) ? value.length === 0 : value === null) === argument
    case "eq":
      return equal(value, argument, now)
    case "neq":
      return !equal(value, argument, now)
    case "in":
      return list(argument).some((part) => equal(value, part, now))
    case "nin":
      return !list(argument).some((part) => equal(value, part, now))
  }
  if (Array.isArray(value)) return collection(value, key, argument, now)
  const text = texts[key]
  if (text !== undefined) {
    return typeof value === "string" && typeof argument === "string" && text(value, argument)
  }
  const order = orders[key]
  if (order !== undefined) {
    const [left, right] = comparable(value, argument, now)
    return typeof left === "number" && typeof right === "number" && order(left - right)
  }
  return nested(value, key, argument, now)
}

const collection = (values: ReadonlyArray<unknown>, key: string, argument: unknown, now: number): boolean => {
  switch (key) {
    case "some":
      return values.some((value) => matches(value, argument, now))
    case "every":
      return values.every((value) => matches(value, argument, now))
    case "length":
      return matches(values.length, argument, now)
  }
  return values.some((value) => holds(value, key, argument, now))
}

const nested = (value: unknown, key: string, argument: unknown, now: number): boolean => {
  if (value === null || value === undefined) return false
  if (!isFilter(value) || !(key in value)) throw new Unmodelled(`the filter "${key}"`)
  if (key === "id" && typeof value["identifier"] === "string") {
    return identified(value["id"], value["identifier"], argument, now)
  }
  return matches(value[key], argument, now)
}

const identified = (id: unknown, identifier: string, argument: unknown, now: number): boolean => {
  const negated = isFilter(argument) && ("neq" in argument || "nin" in argument)
  const byId = matches(id, argument, now)
  const byIdentifier = matches(identifier, argument, now)
  return negated ? byId && byIdentifier : byId || byIdentifier
}
