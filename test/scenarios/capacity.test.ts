import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { operator, start } from "../support/engine.ts"
import { TeamKey } from "../../src/domain/Ids.ts"

describe("the slots of a team", () => {
  it.live("are used by issues with a run label that a person added, and those issues wait", () =>
    Effect.gen(function* () {
      const { issue, pass, reason, running, waitsFor } = yield* start({
        mapping: { maxInProgressAiIssues: 2 }
      })
      const stray = issue({ labels: ["AI-Implement", "ai-working"] })
      const first = issue({ priority: 1 })
      const second = issue({ priority: 2 })
      assert.deepStrictEqual(yield* waitsFor(stray, "labelled_elsewhere"), {
        _tag: "labelled_elsewhere",
        label: "AI-Working"
      })
      yield* running(first)
      assert.deepStrictEqual(yield* reason(second), { _tag: "team_at_capacity", used: 2, cap: 2 })
      yield* pass
      assert.deepStrictEqual(yield* reason(second), { _tag: "team_at_capacity", used: 2, cap: 2 })
    })
  )

  it.live("are free again when such an issue is closed, loses its labels or is deleted", () =>
    Effect.gen(function* () {
      const { deliver, issue, linear, map, pass, running, settled, waitsFor } = yield* start({
        mapping: { maxInProgressAiIssues: 3 }
      })
      const [closed, bare, deleted] = [1, 2, 3].map(() => issue({ labels: ["AI-Implement", "AI-Planning"] }))
      const waiting = issue()
      yield* waitsFor(waiting, "team_at_capacity")
      linear.setState(String(closed), "Done")
      linear.setLabels(String(bare), [])
      linear.deleteIssue(String(deleted))
      yield* map({ maxInProgressAiIssues: 1 })
      yield* pass
      yield* deliver(yield* running(waiting))
      yield* settled(waiting)
    })
  )

  it.live("are not used by a run label that was read before its dispatch settled", () =>
    Effect.gen(function* () {
      const { candidates, deliver, dispatched, issue, settled, sql } = yield* start({
        mapping: { maxInProgressAiIssues: 1 }
      })
      const done = issue()
      yield* deliver(yield* dispatched(done))
      yield* settled(done)
      yield* sql`update issues set labels = '{AI-Working}'`
      const next = yield* candidates.dispatch({ issue: issue(), by: operator })
      assert.strictEqual(next.outcome, null)
    })
  )

  it.live("are counted for each team separately", () =>
    Effect.gen(function* () {
      const { dispatched, issue, map, running, waitsFor } = yield* start({
        mapping: { maxInProgressAiIssues: 1 }
      })
      yield* map({ teamKey: TeamKey.make("WEB"), maxInProgressAiIssues: 1 })
      const first = issue()
      const other = issue({ team: "WEB" })
      yield* dispatched(first)
      yield* running(other)
      yield* waitsFor(issue(), "team_at_capacity")
    })
  )

  it.live("are not filled faster than the hourly limit allows", () =>
    Effect.gen(function* () {
      const { issue, pass, running, sql, waitsFor } = yield* start({
        env: { MAX_DISPATCHES_PER_HOUR: "2" },
        mapping: { maxInProgressAiIssues: 10 }
      })
      const [first, second, third] = [1, 2, 3].map((priority) => issue({ priority }))
      yield* pass
      yield* running(String(first))
      yield* running(String(second))
      yield* waitsFor(String(third), "hourly_limit")
      yield* sql`update dispatches set reserved_at = reserved_at - interval '1 hour'`
      yield* pass
      yield* running(String(third))
    })
  )
})
