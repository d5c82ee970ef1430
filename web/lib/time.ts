import * as DateTime from "effect/DateTime"
import { strings } from "../strings/shell.ts"

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Milliseconds in at most two units: `850 ms`, `12 s`, `4 min 05 s`, `3 h 20 min`, `2 d`. */
export const duration = (ms: number): string => {
  const length = Math.max(0, ms)
  if (length < second) return `${Math.round(length)} ms`
  if (length < 10 * second) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`
  if (length < minute) return `${Math.floor(length / second)} s`
  const two = (value: number) => String(value).padStart(2, "0")
  if (length < hour) {
    return `${Math.floor(length / minute)} min ${two(Math.floor((length % minute) / second))} s`
  }
  if (length < day) {
    return `${Math.floor(length / hour)} h ${two(Math.floor((length % hour) / minute))} min`
  }
  return `${Math.floor(length / day)} d ${Math.floor((length % day) / hour)} h`
}

/** Of what still runs: whole seconds. */
export const durationSoFar = (ms: number) =>
  ms < 10 * second ? `${Math.floor(Math.max(0, ms) / second)} s` : duration(ms)

const coarse = (ms: number) => {
  if (ms < minute) return `${Math.floor(ms / second)} s`
  if (ms < hour) return `${Math.floor(ms / minute)} min`
  if (ms < day) return `${Math.floor(ms / hour)} h`
  return `${Math.floor(ms / day)} d`
}

export const relative = (at: DateTime.Utc, now: DateTime.Utc): string => {
  const ms = DateTime.toEpochMillis(now) - DateTime.toEpochMillis(at)
  if (ms < 0) return strings.time.ahead(coarse(Math.max(second, -ms)))
  return ms < second ? strings.time.now : strings.time.ago(coarse(ms))
}

const exactFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short"
})
const clockFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" })
const secondsFormat = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit"
})
const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" })

export const exact = (at: DateTime.Utc) => exactFormat.format(DateTime.toEpochMillis(at))

export const clockOf = (ms: number) => clockFormat.format(ms)

export const clockSeconds = (at: DateTime.Utc) => secondsFormat.format(DateTime.toEpochMillis(at))

export const clock = (at: DateTime.Utc, now: DateTime.Utc) => {
  const [ms, today] = [DateTime.toEpochMillis(at), DateTime.toEpochMillis(now)]
  const time = clockFormat.format(ms)
  return dayFormat.format(ms) === dayFormat.format(today) ? time : `${dayFormat.format(ms)}, ${time}`
}

export const millisBetween = (from: DateTime.Utc, to: DateTime.Utc) =>
  DateTime.toEpochMillis(to) - DateTime.toEpochMillis(from)
