import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { RetryDelay, withRetry } from "../../../src/upstreams/client/call.ts"
import { UpstreamError, type UpstreamReason } from "../../../src/upstreams/UpstreamError.ts"

const errorOf = (reason: UpstreamReason) =>
  new UpstreamError({ upstream: "fly", operation: "list", message: "It does not answer.", reason })

const attempts = Effect.fnUntraced(function* (reason: UpstreamReason) {
  let made = 0
  const failing = Effect.suspend(() => {
    made++
    return Effect.fail(errorOf(reason))
  })
  const delay = yield* RetryDelay
  const fiber = yield* Effect.forkChild(
    Effect.flip(failing.pipe(withRetry(delay, () => errorOf({ _tag: "Malformed" }))))
  )
  const madeAfter = (millis: number) => Effect.map(TestClock.adjust(millis), () => made)
  return { error: Fiber.join(fiber), madeAfter }
})

describe("the retries of a call", () => {
  it.effect("follow after a quarter and half a second, give or take a fifth", () =>
    Effect.gen(function* () {
      const { error, madeAfter } = yield* attempts({ _tag: "Unavailable", delivery: "unknown" })
      assert.strictEqual(yield* madeAfter(199), 1)
      assert.strictEqual(yield* madeAfter(102), 2)
      assert.strictEqual(yield* madeAfter(298), 2)
      assert.strictEqual(yield* madeAfter(303), 3)
      assert.deepStrictEqual((yield* error).reason, { _tag: "Unavailable", delivery: "unknown" })
    })
  )

  it.effect("wait for the time that a rate limit states", () =>
    Effect.gen(function* () {
      const { error, madeAfter } = yield* attempts({ _tag: "RateLimited", retryAfter: 5 })
      assert.strictEqual(yield* madeAfter(4999), 1)
      assert.strictEqual(yield* madeAfter(1), 2)
      assert.strictEqual(yield* madeAfter(5000), 3)
      assert.deepStrictEqual((yield* error).reason, { _tag: "RateLimited", retryAfter: 5 })
    })
  )
})
