import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { soak, startDemo } from "../../scripts/soak/soak.ts"
import { folder } from "../support/postgres.ts"

it.live("at high speed every label, slot and reason is right at every moment", () =>
  Effect.gen(function* () {
    const demo = yield* startDemo(yield* folder, 50)
    const seen = yield* soak(demo, { millis: 75_000, feed: 3000 })
    assert.deepStrictEqual(seen.problems, [])
    assert.deepStrictEqual(seen.violations, [])
    assert.isAbove(seen.samples, 100)

    assert.containsSubset(Object.keys(seen.ends), [
      "ENG planning github-actions delivered plan",
      "ENG implementation github-actions delivered pull_request",
      "WEB implementation fly-machines delivered pull_request",
      "OPS planning github-actions delivered plan",
      "OPS implementation github-actions delivered pull_request"
    ])
    assert.containsSubset(Object.keys(seen.reasons), [
      "parked",
      "running",
      "team_at_capacity",
      "waiting_approval"
    ])
    assert.include(seen.approved, "OPS-7")
    assert.isNotEmpty(seen.answered)
    assert.include(seen.parked, "ENG-38")
  }).pipe(Effect.scoped)
)
