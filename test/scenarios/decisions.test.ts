import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { operator, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { lockMappings } from "../support/lock.ts"

type Options = Parameters<typeof start>[0]

/** An engine whose passes fail from when `still` is run, and what is decided about an issue. */
const scene = Effect.fnUntraced(function* (options: Options = {}) {
  const engine = yield* start(options)
  const { candidates, linear } = engine
  const still = Effect.sync(() =>
    linear.failNext({ match: "query Page", times: Infinity, action: { _tag: "status", status: 503 } })
  )
  const decided = (identifier: string) =>
    Effect.map(candidates.list({ issue: identifier }), ([found]) =>
      found?.reason == null ? `${found?.decision} ${found?.phase}` : found.reason._tag
    )
  /** An issue whose implementation has failed: dedup holds it back. */
  const failed = Effect.gen(function* () {
    const identifier = engine.issue()
    yield* engine.finish(yield* engine.dispatched(identifier), "failure")
    yield* engine.settled(identifier)
    yield* engine.waitsFor(identifier, "dedup")
    return identifier
  })
  /** An issue whose plan waits for a verdict. */
  const planned = Effect.gen(function* () {
    const identifier = engine.issue()
    yield* engine.deliverPlan(yield* engine.dispatched(identifier))
    yield* engine.settled(identifier)
    yield* engine.waitsFor(identifier, "waiting_approval")
    return identifier
  })
  return { ...engine, still, decided, failed, planned }
})

const asking = { mapping: { planningEnabled: true, autoApprovePlans: false } }

describe("an operator command shows in the decision at once, whatever passes do", () => {
  it.live("when an issue is un-parked or taken out of dedup", () =>
    Effect.gen(function* () {
      const { candidates, decided, failed, linear, sql, still, waitsFor } = yield* scene()
      const [parked, held] = [yield* failed, yield* failed]
      yield* sql`update issue_failures set failures = 3, parked_at = now()
        where issue_id = ${linear.issueByIdentifier(parked)?.id}`
      yield* waitsFor(parked, "parked")
      yield* still
      const { issue } = yield* candidates.unpark(parked, operator)
      assert.deepInclude(issue, { decision: "dispatch", phase: "implementation", reason: null })
      assert.strictEqual(yield* decided(held), "dedup")
      yield* candidates.removeFromDedup(held, operator)
      assert.strictEqual(yield* decided(held), "dispatch implementation")
    })
  )

  it.live("when a stray label is cleared", () =>
    Effect.gen(function* () {
      const { candidates, issue, still, waitsFor } = yield* scene()
      const identifier = issue({ labels: ["AI-Implement", "AI-Working"] })
      yield* waitsFor(identifier, "labelled_elsewhere")
      yield* still
      const { issue: after } = yield* candidates.reset(identifier, operator)
      assert.deepInclude(after, { decision: "dispatch", phase: "implementation", reason: null })
    })
  )

  it.live("when it is dispatched now; a refusal changes nothing", () =>
    Effect.gen(function* () {
      const { candidates, decided, failed, map, reason, still } = yield* scene()
      const [first, second] = [yield* failed, yield* failed]
      yield* map({ maxInProgressAiIssues: 1 })
      yield* still
      const { id, phase } = yield* candidates.dispatch({ issue: first, by: operator })
      assert.deepStrictEqual(yield* reason(first), {
        _tag: "running",
        dispatchId: id,
        phase,
        status: "reserved"
      })
      yield* Effect.flip(candidates.dispatch({ issue: second, by: operator }))
      assert.strictEqual(yield* decided(second), "dedup")
    })
  )

  it.live("when its plan is approved or rejected", () =>
    Effect.gen(function* () {
      const { candidates, decided, planned, still } = yield* scene(asking)
      const [good, bad] = [yield* planned, yield* planned]
      yield* still
      yield* candidates.approve(good, operator)
      assert.strictEqual(yield* decided(good), "dispatch implementation")
      yield* candidates.reject(bad, "Too large.", operator)
      assert.strictEqual(yield* decided(bad), "dispatch planning")
    })
  )

  it.live("and the pass that was under way does not take it back", () =>
    Effect.gen(function* () {
      const { candidates, decided, failed, issue, passes, sql, still } = yield* scene()
      const held = yield* failed
      issue({ title: "Another" })
      const { release, waiting } = yield* lockMappings(sql)
      const underWay = yield* passes.request("test")
      yield* waiting(1)
      yield* still
      yield* candidates.removeFromDedup(held, operator)
      yield* release
      yield* eventually(
        "the pass has ended",
        sql`select dispatched from passes where id = ${underWay} and finished_at is not null`,
        ([row]) => row?.["dispatched"] === 1
      )
      assert.strictEqual(yield* decided(held), "dispatch implementation")
    })
  )

  it.live("and nothing is decided about an issue that is not a candidate", () =>
    Effect.gen(function* () {
      const { candidates, issue, running, still } = yield* scene()
      const identifier = issue({ labels: [] })
      yield* still
      yield* candidates.dispatch({ issue: identifier, by: operator })
      yield* running(identifier)
      assert.deepStrictEqual(yield* candidates.list({ issue: identifier }), [])
    })
  )
})
