import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { UpstreamError } from "../UpstreamError.ts"

export const CallTimeout = Context.Reference<Duration.Duration>("ai-implement/CallTimeout", {
  defaultValue: () => Duration.seconds(15)
})

export const LaunchTimeout = Context.Reference<Duration.Duration>("ai-implement/LaunchTimeout", {
  defaultValue: () => Duration.seconds(30)
})

/** Before the first retry, with jitter; twice as long before the second. */
export const RetryDelay = Context.Reference<Duration.Duration>("ai-implement/RetryDelay", {
  defaultValue: () => Duration.millis(250)
})

const maxRetryAfterSeconds = 5
const retryTimeout = Duration.seconds(30)

const isTransient = ({ reason }: UpstreamError) =>
  reason._tag === "Unavailable" ||
  (reason._tag === "RateLimited" && reason.retryAfter <= maxRetryAfterSeconds)

const scheduleFrom = (delay: Duration.Duration) =>
  Schedule.exponential(delay).pipe(
    Schedule.jittered,
    Schedule.setInputType<UpstreamError>(),
    Schedule.modifyDelay(({ input: { reason }, duration }) =>
      Effect.succeed(
        reason._tag === "RateLimited" ? Duration.max(duration, Duration.seconds(reason.retryAfter)) : duration
      )
    ),
    Schedule.upTo({ times: 2 })
  )

/** For reads and idempotent writes: three attempts within 30 s against transient faults. */
export const withRetry =
  (delay: Duration.Duration, onTimeout: () => UpstreamError) =>
  <A, R>(call: Effect.Effect<A, UpstreamError, R>): Effect.Effect<A, UpstreamError, R> =>
    call.pipe(
      Effect.retry({ schedule: scheduleFrom(delay), while: isTransient }),
      Effect.timeoutOrElse({ duration: retryTimeout, orElse: () => Effect.fail(onTimeout()) })
    )
