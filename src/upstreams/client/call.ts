import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { UpstreamError } from "../UpstreamError.ts"

/** How long one request to an upstream may take. */
export const CallTimeout = Context.Reference<Duration.Duration>("ai-implement/CallTimeout", {
  defaultValue: () => Duration.seconds(15)
})

/** How long a request that starts a run may take. */
export const LaunchTimeout = Context.Reference<Duration.Duration>("ai-implement/LaunchTimeout", {
  defaultValue: () => Duration.seconds(30)
})

const maxWait = 5
const patience = Duration.seconds(30)

const passes = ({ reason }: UpstreamError) =>
  reason._tag === "Unavailable" || (reason._tag === "RateLimited" && reason.retryAfter <= maxWait)

const schedule = Schedule.exponential("250 millis").pipe(
  Schedule.jittered,
  Schedule.setInputType<UpstreamError>(),
  Schedule.modifyDelay(({ input: { reason }, duration }) =>
    Effect.succeed(
      reason._tag === "RateLimited" ? Duration.max(duration, Duration.seconds(reason.retryAfter)) : duration
    )
  ),
  Schedule.upTo({ times: 2 })
)

/** For reads and idempotent writes: three tries at most, 30 s in all, against faults that pass by themselves. */
export const withRetry =
  (onTimeout: () => UpstreamError) =>
  <A, R>(call: Effect.Effect<A, UpstreamError, R>): Effect.Effect<A, UpstreamError, R> =>
    call.pipe(
      Effect.retry({ schedule, while: passes }),
      Effect.timeoutOrElse({ duration: patience, orElse: () => Effect.fail(onTimeout()) })
    )
