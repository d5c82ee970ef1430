import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Upstreams } from "../../../src/upstreams/health/Upstreams.ts"
import { upstreamError } from "../../support/builders.ts"
import { config } from "../../support/config.ts"
import { TestDb } from "../../support/TestDb.ts"

const replica = Effect.map(Layer.build(Layer.fresh(Upstreams.layer)), Context.get(Upstreams))

const unavailable = upstreamError({ _tag: "Unavailable", delivery: "unknown" }, "Linear does not answer.")

const twoReplicas = Effect.gen(function* () {
  const [one, two] = [yield* replica, yield* replica]
  const fault = one.ended("linear", unavailable)
  const state = Effect.map(two.states, ([linear]) => linear?.state)
  return { one, two, fault, state }
})

const withDatabase = Effect.provide(
  Layer.fresh(Layer.merge(TestDb, config({ LINEAR_API_KEY: "lin_api_test" })))
)

describe("an upstream that one replica could not reach", () => {
  for (const faults of [1, 3]) {
    it.effect(`is ok again once another one reaches it (faults: ${faults})`, () =>
      Effect.gen(function* () {
        const { fault, state, two } = yield* twoReplicas
        yield* two.ended("linear", null)
        yield* Effect.replicateEffect(fault, faults)
        assert.strictEqual(yield* state, faults === 1 ? "degraded" : "down")
        yield* two.ended("linear", null)
        assert.strictEqual(yield* state, "ok")
      }).pipe(withDatabase)
    )
  }

  it.effect("is not down sooner for the faults of another one", () =>
    Effect.gen(function* () {
      const { fault, one, state, two } = yield* twoReplicas
      yield* two.ended("linear", null)
      yield* fault
      yield* fault
      assert.strictEqual(yield* state, "degraded")
      yield* two.ended("linear", unavailable)
      assert.strictEqual(yield* state, "degraded")
      yield* one.ended("linear", unavailable)
      assert.strictEqual(yield* state, "down")
    }).pipe(withDatabase)
  )
})
