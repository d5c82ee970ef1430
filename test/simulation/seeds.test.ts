import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { campaign, describe as described } from "./campaign.ts"
import { simulate } from "./simulate.ts"

const minSeeds = 2000

describe("the simulated protocol", () => {
  it.live("makes the same world of the same seed", () =>
    Effect.gen(function* () {
      const [first, second] = [
        yield* Effect.promise(() => simulate(3, true)),
        yield* Effect.promise(() => simulate(3, true))
      ]
      assert.isAbove(first.log.length, 10)
      assert.deepStrictEqual(first, second)
    })
  )

  it.live(
    `keeps its invariants in at least ${minSeeds} worlds`,
    () =>
      Effect.gen(function* () {
        const { count, failed } = yield* campaign({ from: 1, time: Duration.seconds(45) })
        assert.deepStrictEqual(failed.map(described), [])
        assert.isAtLeast(count, minSeeds)
      }),
    120_000
  )
})
