import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"

const minFailures = 3
const minAge = Duration.minutes(5)
const maxIntervals = 5

// Newest first. A pass that is not finished and has a successor was lost with its process.
export type RecentPasses = ReadonlyArray<{
  readonly ok: boolean | null
  readonly finishedAt: DateTime.Utc | null
}>

export const recentPasses = minFailures + 1

/** Whether the last three passes failed, or none was good for five intervals and at least five minutes. */
export const passesFail = ({
  goodSince,
  interval,
  nextAt,
  now,
  recent
}: {
  readonly recent: RecentPasses
  // The last good pass, or the start of this process if that is later.
  readonly goodSince: DateTime.Utc
  readonly interval: Duration.Duration
  // A budget may postpone it beyond the interval.
  readonly nextAt: DateTime.Utc | null
  readonly now: DateTime.Utc
}) => {
  const [last, ...before] = recent
  const done = last?.finishedAt === null ? before : recent
  const failures = done.slice(0, minFailures)
  if (failures.length === minFailures && failures.every(({ ok }) => ok !== true)) return true
  const planned =
    last?.finishedAt && nextAt !== null ? DateTime.distance(last.finishedAt, nextAt) : Duration.zero
  const maxAge = Duration.max(minAge, Duration.times(Duration.max(interval, planned), maxIntervals))
  return DateTime.isGreaterThan(now, DateTime.addDuration(goodSince, maxAge))
}
