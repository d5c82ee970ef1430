import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { operator, start } from "../support/engine.ts"

/** An issue whose run Olga cancelled. */
const cancelled = Effect.gen(function* () {
  const engine = yield* start()
  engine.github.setCancelDelay(20)
  const identifier = engine.issue()
  const { id } = yield* engine.dispatched(identifier)
  yield* engine.dispatches.cancel(id, operator)
  assert.strictEqual((yield* engine.settled(identifier)).status, "cancelled")
  const attempts = Effect.map(
    engine.sql`select 1 from dispatches where issue_identifier = ${identifier}`,
    ({ length }) => length
  )
  return { ...engine, attempts, id, identifier }
})

describe("an issue whose dispatch an operator cancelled", () => {
  it.live("is not dispatched by a pass until it is released", () =>
    Effect.gen(function* () {
      const { attempts, candidates, dispatched, identifier, sql, waitsFor } = yield* cancelled
      const reason = yield* waitsFor(identifier, "held")
      assert.deepInclude(reason, { by: "Olga" })
      assert.deepStrictEqual(yield* waitsFor(identifier, "held"), reason)
      assert.strictEqual(yield* attempts, 1)
      const [candidate] = yield* candidates.list({ issue: identifier })
      assert.strictEqual(candidate?.held?.by, "Olga")
      const { cleared, issue } = yield* candidates.unpark(identifier, operator)
      assert.deepStrictEqual([cleared, issue.held, issue.decision], [["held"], null, "dispatch"])
      assert.deepStrictEqual(
        yield* sql`select actor_name, subject, after from audit where action = 'issue.unpark'`,
        [{ actorName: "Olga", subject: identifier, after: { cleared: ["held"] } }]
      )
      assert.strictEqual((yield* dispatched(identifier)).attempt, 2)
    })
  )

  it.live("is released by a retry of that dispatch", () =>
    Effect.gen(function* () {
      const { candidates, id, identifier, sql, waitsFor } = yield* cancelled
      yield* waitsFor(identifier, "held")
      const again = yield* candidates.retry(id, operator)
      assert.strictEqual(again.attempt, 2)
      assert.isEmpty(yield* sql`select 1 from issue_holds`)
      assert.deepStrictEqual(
        yield* sql`select after -> 'cleared' as cleared from audit where action = 'dispatch.retry'`,
        [{ cleared: ["held"] }]
      )
    })
  )

  it.live("is released by the removal of its pickup label, and when it is completed", () =>
    Effect.gen(function* () {
      const { dispatched, dispatches, identifier, issue, linear, pass, settled, sql, waitsFor } =
        yield* cancelled
      const other = issue()
      yield* dispatches.cancel((yield* dispatched(other)).id, operator)
      yield* settled(other)
      yield* waitsFor(other, "held")
      const held = Effect.map(
        sql`select identifier from issue_holds join issues using (issue_id) order by identifier`,
        (rows) => rows.map((row) => row["identifier"])
      )
      assert.sameMembers(yield* held, [identifier, other])
      linear.setLabels(identifier, [])
      yield* pass
      assert.deepStrictEqual(yield* held, [other])
      linear.setState(other, "Done")
      yield* pass
      assert.isEmpty(yield* held)
      linear.setLabels(identifier, ["AI-Implement"])
      assert.strictEqual((yield* dispatched(identifier)).attempt, 2)
    })
  )
})

it.live("a run that succeeded before its cancel arrived leaves nothing held", () =>
  Effect.gen(function* () {
    const { deliver, dispatched, dispatches, github, issue, settled, sql } = yield* start({
      policy: { stop: { forceAfter: Duration.minutes(1), notConfirmedAfter: Duration.minutes(2) } }
    })
    github.setCancelDelay(Infinity)
    const identifier = issue()
    const dispatch = yield* dispatched(identifier)
    yield* dispatches.cancel(dispatch.id, operator)
    assert.lengthOf(yield* sql`select 1 from issue_holds`, 1)
    yield* deliver(dispatch)
    assert.strictEqual((yield* settled(identifier)).status, "succeeded")
    assert.isEmpty(yield* sql`select 1 from issue_holds`)
  })
)
