import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { GitHubLimits, type Kind, type Limits, makeLimiter } from "../../../src/upstreams/github/limiter.ts"

const turns = Effect.fnUntraced(function* (limits: Limits | null, kind: Kind, wanted: number) {
  const limiter = yield* Effect.provideService(makeLimiter, GitHubLimits, limits)
  let done = 0
  yield* Effect.forkChild(
    Effect.forEach(
      Array.from({ length: wanted }),
      () => Effect.tap(limiter.turn(kind), () => Effect.sync(() => done++)),
      { concurrency: "unbounded" }
    )
  )
  return Effect.fnUntraced(function* (seconds: number) {
    yield* TestClock.adjust(`${seconds} seconds`)
    return done
  })
})

it.effect("launches wait for their turn, 80 a minute", () =>
  Effect.gen(function* () {
    const after = yield* turns({ concurrent: 100, points: 9000, launches: 80 }, "launch", 200)
    assert.strictEqual(yield* after(0), 80)
    assert.strictEqual(yield* after(59), 80)
    assert.strictEqual(yield* after(1), 160)
    assert.strictEqual(yield* after(60), 200)
  })
)

it.effect("a write costs five points, a read one", () =>
  Effect.gen(function* () {
    const limits = { concurrent: 100, points: 100, launches: 80 }
    assert.strictEqual(yield* (yield* turns(limits, "read", 500))(0), 50)
    assert.strictEqual(yield* (yield* turns(limits, "write", 500))(0), 10)
  })
)

it.effect("a limiter that is turned off delays no call", () =>
  Effect.gen(function* () {
    assert.strictEqual(yield* (yield* turns(null, "launch", 500))(0), 500)
  })
)
