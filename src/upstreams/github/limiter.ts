import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as RateLimiter from "effect/persistence/RateLimiter"
import * as Semaphore from "effect/Semaphore"

/** GitHub's secondary limits: requests at once, points (a read 1, a write 5) and launches a minute. */
export interface Limits {
  readonly concurrent: number
  readonly points: number
  readonly launches: number
}

export const GitHubLimits = Context.Reference<Limits | null>("ai-implement/GitHubLimits", {
  defaultValue: () => ({ concurrent: 100, points: 900, launches: 80 })
})

export type Kind = "read" | "write" | "launch"

export interface Limiter {
  /** Waits until the request may be sent. */
  readonly turn: (kind: Kind) => Effect.Effect<void>
  readonly slot: <A, E, R>(request: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

const minute = 60_000

// At most `perMinute` turns in any minute, possibly all at once. The time of each turn is fixed when it is requested.
const slidingMinute = (perMinute: number) => {
  let times: ReadonlyArray<number> = []
  return Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    times = times.filter((time) => time > now - minute)
    const blocking = times[times.length - perMinute]
    const at = blocking === undefined ? now : blocking + minute
    times = [...times, at]
    if (at > now) yield* Effect.sleep(at - now)
  })
}

export const makeLimiter = Effect.gen(function* () {
  const limits = yield* GitHubLimits
  if (limits === null) return { turn: () => Effect.void, slot: (request) => request } satisfies Limiter
  const buckets = yield* Effect.provide(RateLimiter.make, RateLimiter.layerStoreMemory)
  const slots = yield* Semaphore.make(limits.concurrent)
  const launchTurn = slidingMinute(limits.launches)
  const take = (key: string, perMinute: number, tokens: number) =>
    RateLimiter.sleep(buckets, {
      key,
      tokens,
      algorithm: "token-bucket",
      // Half a minute's worth at most at once: a full bucket must not double a minute.
      limit: Math.max(1, Math.floor(perMinute / 2)),
      window: "30 seconds"
    }).pipe(Effect.orDie)
  const limiter: Limiter = {
    turn: Effect.fnUntraced(function* (kind) {
      if (kind === "launch") yield* launchTurn
      yield* take("points", limits.points, kind === "read" ? 1 : 5)
    }),
    slot: slots.withPermit
  }
  return limiter
})
