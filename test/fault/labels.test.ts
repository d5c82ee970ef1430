import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { start } from "../support/engine.ts"

describe("while Linear takes no label for at least 20 passes", () => {
  it.live("nothing is dispatched twice, slots are counted, and the labels are right in the end", () =>
    Effect.gen(function* () {
      const { attempts, deliver, dispatched, issue, labels, linear, pass, reason, running, settled, until } =
        yield* start({
          mapping: { maxInProgressAiIssues: 1 },
          policy: { retry: { retryBase: Duration.millis(5), retryMax: Duration.millis(100) } }
        })
      linear.failNext({ match: "issueUpdate", times: Infinity, action: { _tag: "status", status: 503 } })
      const [first, second] = [issue({ priority: 1 }), issue()]
      const live = yield* dispatched(first)
      for (let passes = 0; passes < 20; passes++) {
        yield* pass
        assert.strictEqual((yield* reason(first))?._tag, "running")
        assert.deepInclude(yield* reason(second), { _tag: "team_at_capacity", used: 1, cap: 1 })
      }
      yield* deliver(live)
      yield* until(first, ({ pending }) => pending.length === 1)
      for (let passes = 0; passes < 20; passes++) {
        yield* pass
        assert.deepStrictEqual(yield* reason(first), {
          _tag: "settling",
          dispatchId: live.id,
          pending: ["labels"]
        })
      }
      yield* deliver(yield* running(second))
      for (const identifier of [first, second]) {
        assert.lengthOf(yield* attempts(identifier), 1)
        assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      }
      linear.clearFaults()
      for (const identifier of [first, second]) {
        assert.strictEqual((yield* settled(identifier)).status, "succeeded")
        assert.deepStrictEqual([...labels(identifier)], ["AI-Implement", "Ready for Review"])
        assert.lengthOf(yield* attempts(identifier), 1)
      }
    })
  )
})
