import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { operator, start } from "../support/engine.ts"

const labels = ["AI-Implement", "AI-Working", "Ready for Review"]

describe("labels in one exclusive group of Linear", () => {
  it.live("keep issues waiting before a run; what is refused at its end is given up after three tries", () =>
    Effect.gen(function* () {
      const engine = yield* start()
      const { attempts, deliver, dispatched, events, issue, linear, settled, sql, waitsFor } = engine
      const identifier = issue()
      linear.groupLabels("Stage", labels)
      const reason = yield* waitsFor(identifier, "tracker_not_ready")
      assert.deepInclude(reason?._tag === "tracker_not_ready" && reason.problems[0], {
        _tag: "labels_exclusive"
      })
      assert.deepStrictEqual(yield* attempts(identifier), [])
      linear.restoreLabels(labels)
      const dispatch = yield* dispatched(identifier)
      yield* engine.announced(dispatch)
      linear.groupLabels("Stage", ["AI-Implement", "Ready for Review"])
      yield* deliver(dispatch)
      assert.strictEqual((yield* settled(identifier)).status, "succeeded")
      assert.deepStrictEqual([...engine.labels(identifier)], ["AI-Implement"])
      assert.includeMembers(yield* events(dispatch.id), ["labels_given_up", "comment_done", "settled"])
      assert.deepStrictEqual(
        yield* sql`select attempts, refusals from settlement_effects where effect = 'labels'`,
        [{ attempts: 3, refusals: 2 }]
      )
    })
  )

  it.live("leave a way out while a refused step is open: a reset gives it up", () =>
    Effect.gen(function* () {
      const engine = yield* start({ policy: { retry: { refusedWait: Duration.minutes(5) } } })
      const { candidates, deliver, dispatched, events, issue, linear, until, waitsFor } = engine
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* engine.announced(dispatch)
      linear.groupLabels("Stage", ["AI-Implement", "Ready for Review"])
      yield* deliver(dispatch)
      yield* until(identifier, ({ pending }) => pending.some(({ lastError }) => lastError !== null))
      assert.deepInclude(yield* waitsFor(identifier, "settling"), { pending: ["labels"] })
      const refused = yield* Effect.flip(candidates.retry(dispatch.id, operator))
      assert.include("message" in refused ? refused.message : "", "reset the issue to give up what is open")
      const { cleared } = yield* candidates.reset(identifier, operator)
      assert.deepStrictEqual(cleared, ["dedup"])
      assert.includeMembers(yield* events(dispatch.id), ["labels_given_up", "settled"])
      yield* waitsFor(identifier, "open_pull_request")
    })
  )
})
