import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { operator, start } from "../support/engine.ts"

const asking = { mapping: { planningEnabled: true, autoApprovePlans: false } }

describe("a plan that needs approval", () => {
  it.live("waits without a slot, and is carried out once approved by the API", () =>
    Effect.gen(function* () {
      const { candidates, deliverPlan, dispatched, issue, map, settled, sql, until, waitsFor, labelled } =
        yield* start({ mapping: { ...asking.mapping, maxInProgressAiIssues: 1 } })
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      yield* deliverPlan(planning)
      yield* settled(identifier)
      const reason = yield* waitsFor(identifier, "waiting_approval")
      assert.strictEqual(reason?._tag === "waiting_approval" && reason.planDispatchId, planning.id)
      const other = issue({ title: "Another" })
      const live = yield* dispatched(other)
      yield* map({ ...asking.mapping, maxInProgressAiIssues: 2 })
      const { cleared, issue: after } = yield* candidates.approve(identifier.toLowerCase(), operator)
      assert.deepStrictEqual([cleared, after.identifier], [[], identifier])
      const implementation = yield* until(
        identifier,
        ({ phase, status }) => phase === "implementation" && status === "running"
      )
      assert.strictEqual(implementation.trigger, "poll")
      yield* labelled(identifier, "AI-Working")
      assert.deepInclude(
        (yield* sql`select verdict, verdict_by, verdict_via from plans where dispatch_id = ${planning.id}`)[0],
        {
          verdict: "approved",
          verdictBy: "Olga",
          verdictVia: "api"
        }
      )
      assert.deepStrictEqual(
        yield* sql`select actor_name, action, subject from audit where action like 'plan.%'`,
        [{ actorName: "Olga", action: "plan.approve", subject: identifier }]
      )
      assert.strictEqual((yield* until(other, () => true)).id, live.id)
    })
  )

  it.live("is approved by the label, which then comes off", () =>
    Effect.gen(function* () {
      const { deliverPlan, dispatched, events, issue, linear, settled, sql, waitsFor, labelled } =
        yield* start(asking)
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      yield* deliverPlan(planning)
      yield* settled(identifier)
      yield* waitsFor(identifier, "waiting_approval")
      linear.setLabels(identifier, ["AI-Implement", "Plan-Complete", "Plan-Approved"])
      assert.strictEqual((yield* dispatched(identifier)).phase, "implementation")
      const worn = yield* labelled(identifier, "AI-Working")
      assert.notInclude(worn, "Plan-Approved")
      assert.deepStrictEqual(yield* sql`select verdict_by, verdict_via from plans`, [
        { verdictBy: "Linear", verdictVia: "label" }
      ])
      assert.include(yield* events(planning.id), "plan_approved")
    })
  )

  it.live("is not approved by a label from before it, which the reason names", () =>
    Effect.gen(function* () {
      const { deliverPlan, dispatched, issue, labels, linear, settled, waitsFor } = yield* start(asking)
      const identifier = issue({ labels: ["AI-Implement", "Plan-Approved"] })
      const planning = yield* dispatched(identifier)
      assert.strictEqual(planning.phase, "planning")
      yield* deliverPlan(planning)
      yield* settled(identifier)
      for (const _ of [1, 2]) {
        assert.deepInclude(yield* waitsFor(identifier, "waiting_approval"), { ignoredLabel: true })
      }
      assert.include(labels(identifier), "Plan-Approved")
      linear.setLabels(identifier, ["AI-Implement", "Plan-Complete"])
      assert.notProperty(yield* waitsFor(identifier, "waiting_approval"), "ignoredLabel")
      linear.setLabels(identifier, ["AI-Implement", "Plan-Complete", "Plan-Approved"])
      assert.strictEqual((yield* dispatched(identifier)).phase, "implementation")
    })
  )

  it.live("is not approved by a label that was set while it was made", () =>
    Effect.gen(function* () {
      const { deliverPlan, dispatched, issue, linear, settled, waitsFor } = yield* start(asking)
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      linear.setLabels(identifier, ["AI-Implement", "AI-Planning", "Plan-Approved"])
      yield* deliverPlan(planning)
      yield* settled(identifier)
      assert.deepInclude(yield* waitsFor(identifier, "waiting_approval"), { ignoredLabel: true })
    })
  )

  it.live("stays approved for a second attempt", () =>
    Effect.gen(function* () {
      const { candidates, deliverPlan, dispatched, finish, issue, settled, until, waitsFor } =
        yield* start(asking)
      const identifier = issue()
      yield* deliverPlan(yield* dispatched(identifier))
      yield* settled(identifier)
      yield* waitsFor(identifier, "waiting_approval")
      yield* candidates.approve(identifier, operator)
      const first = yield* until(
        identifier,
        ({ phase, status }) => phase === "implementation" && status === "running"
      )
      yield* finish(first, "failure")
      yield* settled(identifier)
      yield* waitsFor(identifier, "dedup")
      yield* candidates.removeFromDedup(identifier, operator)
      const second = yield* dispatched(identifier)
      assert.deepInclude(second, { phase: "implementation", attempt: 2 })
    })
  )

  it.live("may be one that a person declares with Plan-Complete, and approves", () =>
    Effect.gen(function* () {
      const { dispatched, issue, linear, waitsFor } = yield* start(asking)
      const identifier = issue({ labels: ["AI-Implement", "Plan-Complete"] })
      const reason = yield* waitsFor(identifier, "waiting_approval")
      assert.strictEqual(reason?._tag === "waiting_approval" && reason.planDispatchId, null)
      linear.setLabels(identifier, ["AI-Implement", "Plan-Complete", "Plan-Approved"])
      assert.deepInclude(yield* dispatched(identifier), { phase: "implementation", attempt: 1 })
    })
  )

  it.live("may be declared while a planning run is live that then fails", () =>
    Effect.gen(function* () {
      const {
        candidates,
        deliverPlan,
        dispatched,
        finish,
        issue,
        linear,
        running,
        settled,
        waitsFor,
        labelled
      } = yield* start(asking)
      const identifier = issue()
      yield* deliverPlan(yield* dispatched(identifier))
      yield* settled(identifier)
      yield* waitsFor(identifier, "waiting_approval")
      yield* candidates.dispatch({ issue: identifier, phase: "planning", by: operator })
      const planning = yield* running(identifier)
      assert.notInclude(yield* labelled(identifier, "AI-Planning"), "Plan-Complete")
      linear.setLabels(identifier, ["AI-Implement", "AI-Planning", "Plan-Complete"])
      yield* finish(planning, "failure")
      yield* settled(identifier)
      const reason = yield* waitsFor(identifier, "waiting_approval")
      assert.strictEqual(reason?._tag === "waiting_approval" && reason.planDispatchId, null)
    })
  )
})
