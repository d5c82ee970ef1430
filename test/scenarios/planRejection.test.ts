import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { Plans } from "../../src/dispatching/plans/Plans.ts"
import { operator, planParts, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"

const auto = { mapping: { planningEnabled: true } }
const asking = { mapping: { planningEnabled: true, autoApprovePlans: false } }

describe("a rejected plan", () => {
  it.live("is planned again, and the next run receives the reason and the plan", () =>
    Effect.gen(function* () {
      const {
        candidates,
        comments,
        deliverPlan,
        dispatched,
        finish,
        issue,
        labels,
        runsOf,
        services,
        settled,
        sql,
        until,
        waitsFor
      } = yield* start(asking)
      const identifier = issue()
      const first = yield* dispatched(identifier)
      assert.deepInclude(runsOf(first)[0]?.inputs, { plan_feedback: "", previous_plan: "" })
      yield* deliverPlan(first)
      yield* settled(identifier)
      yield* waitsFor(identifier, "waiting_approval")
      const { cleared } = yield* candidates.reject(identifier, "Too large: split it.", operator)
      assert.deepStrictEqual(cleared, ["Plan-Complete"])
      const found = {
        plan_feedback: "Too large: split it.",
        previous_plan: planParts.map((title) => `# ${title}\n\n${title} of ${first.id}`).join("\n\n")
      }
      const second = yield* until(identifier, ({ attempt, status }) => attempt === 2 && status === "running")
      assert.strictEqual(second.phase, "planning")
      assert.deepInclude(runsOf(second)[0]?.inputs, found)
      assert.notInclude(labels(identifier), "Plan-Complete")
      assert.include(comments(identifier).at(-1), "Olga rejected the plan: Too large: split it.")
      assert.deepStrictEqual(
        yield* sql`select actor_name, action, subject, after ->> 'reason' as reason from audit where action like 'plan.%'`,
        [{ actorName: "Olga", action: "plan.reject", subject: identifier, reason: "Too large: split it." }]
      )
      const plans = yield* Context.get(services, Plans).history(second)
      assert.strictEqual(plans.issueIdentifier, identifier)
      assert.deepStrictEqual(
        plans.versions.map(({ dispatchId, documents, verdict, withdrawn }) => [
          dispatchId,
          documents.length,
          verdict?.kind,
          verdict?.by,
          verdict?.reason,
          withdrawn
        ]),
        [[first.id, planParts.length, "rejected", "Olga", "Too large: split it.", false]]
      )
      yield* finish(second, "failure")
      yield* settled(identifier)
      const [candidate] = yield* candidates.list({ issue: identifier })
      assert.strictEqual(candidate?.failures.planning, 1)
      yield* sql`update issue_failures set backoff_until = now()`
      const third = yield* dispatched(identifier)
      assert.deepInclude(runsOf(third)[0]?.inputs, found)
    })
  )

  it.live("stays rejected when Linear does not take its labels off; the next planning does", () =>
    Effect.gen(function* () {
      const {
        candidates,
        deliverPlan,
        dispatched,
        issue,
        labels,
        linear,
        settled,
        until,
        waitsFor,
        labelled
      } = yield* start(asking)
      const identifier = issue()
      yield* deliverPlan(yield* dispatched(identifier))
      yield* settled(identifier)
      yield* waitsFor(identifier, "waiting_approval")
      for (const match of ["query Change", "mutation Comment"]) {
        linear.failNext({ match, times: Infinity, action: { _tag: "status", status: 503 } })
      }
      const { cleared } = yield* candidates.reject(identifier, "No.", operator)
      assert.deepStrictEqual(cleared, [])
      assert.include(labels(identifier), "Plan-Complete")
      linear.clearFaults()
      const second = yield* until(identifier, ({ attempt, status }) => attempt === 2 && status === "running")
      assert.strictEqual(second.phase, "planning")
      yield* labelled(identifier, "AI-Planning")
      assert.notInclude(labels(identifier), "Plan-Complete")
    })
  )

  it.live("parks its issue at the fifth in a row, until an operator un-parks it", () =>
    Effect.gen(function* () {
      const { candidates, comments, deliverPlan, dispatched, issue, linear, pass, settled, sql, waitsFor } =
        yield* start({
          ...asking,
          env: { NOTIFY_TYPE: "slack", NOTIFY_WEBHOOK_URL: "http://127.0.0.1:9/hook" }
        })
      const identifier = issue()
      const plannedAndRejected = Effect.fnUntraced(function* (attempt: number) {
        const planning = yield* dispatched(identifier)
        assert.deepInclude(planning, { phase: "planning", attempt })
        yield* deliverPlan(planning)
        yield* settled(identifier)
        yield* waitsFor(identifier, "waiting_approval")
        yield* candidates.reject(identifier, `Reason ${attempt}.`, operator)
      })
      yield* sql`insert into plans (id, issue_id, documents, finished_at, verdict, verdict_at)
        select uuidv7(), ${linear.issueByIdentifier(identifier)?.id}, '[]', now(), 'rejected', now()
        from generate_series(1, 4)`
      yield* plannedAndRejected(1)
      const reason = yield* waitsFor(identifier, "parked")
      assert.deepInclude(reason, { failures: 0 })
      assert.include(reason?._tag === "parked" && reason.last, "rejected 5 times in a row")
      assert.include(reason?._tag === "parked" && reason.last, "Reason 1.")
      const found = Effect.sync(() =>
        comments(identifier).filter((text) => text.includes("leaves this issue alone"))
      )
      yield* eventually("it is recorded", found, ({ length }) => length > 0)
      yield* pass
      assert.lengthOf(yield* found, 1)
      assert.lengthOf(yield* sql`select 1 from notifications where kind = 'parked'`, 1)
      assert.sameMembers([...(yield* candidates.unpark(identifier, operator)).cleared], ["parked", "rejects"])
      yield* plannedAndRejected(2)
      assert.strictEqual((yield* dispatched(identifier)).attempt, 3)
    })
  )

  it.live("cannot be approved or rejected before it exists, or twice", () =>
    Effect.gen(function* () {
      const { candidates, deliverPlan, dispatched, issue, linear, settled, until, waitsFor } =
        yield* start(asking)
      const identifier = issue({ labels: [] })
      const refusal = (said: typeof candidates.approve) =>
        Effect.map(Effect.flip(said(identifier, operator)), ({ _tag, message }) => [_tag, message])
      const reject: typeof candidates.approve = (ref, by) => candidates.reject(ref, "No.", by)
      for (const said of [candidates.approve, reject]) {
        assert.strictEqual((yield* refusal(said))[0], "IssueNotFound")
      }
      linear.setLabels(identifier, ["AI-Implement"])
      const planning = yield* dispatched(identifier)
      for (const said of [candidates.approve, reject]) {
        assert.deepStrictEqual(yield* refusal(said), [
          "PlanConflict",
          `${identifier} has no plan that waits for a verdict. Nothing was changed.`
        ])
      }
      yield* deliverPlan(planning)
      yield* settled(identifier)
      yield* waitsFor(identifier, "waiting_approval")
      yield* candidates.approve(identifier, operator)
      yield* until(identifier, ({ phase, status }) => phase === "implementation" && status === "running")
      for (const said of [candidates.approve, reject]) {
        const [tag, message] = yield* refusal(said)
        assert.strictEqual(tag, "PlanConflict")
        assert.include(message, `The plan of ${identifier} was approved by Olga on`)
      }
    })
  )

  it.live("cannot be one that is being carried out", () =>
    Effect.gen(function* () {
      const { candidates, deliverPlan, dispatched, issue, settled } = yield* start(auto)
      const identifier = issue()
      yield* deliverPlan(yield* dispatched(identifier))
      yield* settled(identifier)
      assert.strictEqual((yield* dispatched(identifier)).phase, "implementation")
      const refused = yield* Effect.flip(candidates.reject(identifier, "No.", operator))
      assert.include(refused.message, "is not settled; cancel it or wait")
    })
  )
})
