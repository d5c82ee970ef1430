import * as Duration from "effect/Duration"

/** `base` doubled so many times, but at most `max`. */
export const exponentialBackoff = (base: Duration.Duration, times: number, max: Duration.Duration) =>
  Duration.min(Duration.times(base, 2 ** Math.min(times, 30)), max)
