import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { operator, planParts, start } from "../support/engine.ts"
import { hold } from "../support/hold.ts"

const auto = { mapping: { planningEnabled: true } }
const asking = { mapping: { planningEnabled: true, autoApprovePlans: false } }

const titlesOf = (comments: ReadonlyArray<string>) => comments.map((text) => text.split("\n")[0])

describe("a run that cannot call the service", () => {
  it.live("receives the plan and the comments of people as inputs", () =>
    Effect.gen(function* () {
      const { deliverPlan, dispatched, issue, linear, runsOf, settled } = yield* start(auto)
      const identifier = issue()
      linear.comment({ issue: identifier, body: "Use the **blue** one." })
      const planning = yield* dispatched(identifier)
      const [first] = runsOf(planning)
      assert.include(first?.inputs["comments"], "Use the **blue** one.")
      yield* deliverPlan(planning)
      yield* settled(identifier)
      const implementation = yield* dispatched(identifier)
      const inputs = runsOf(implementation)[0]?.inputs ?? {}
      assert.include(inputs["plan"], `Architecture Analysis of ${planning.id}`)
      const comments = JSON.parse(inputs["comments"] ?? "[]")
      assert.deepStrictEqual(
        comments.map(({ author, text }: { author: string; text: string }) => [author, text]),
        [["Person", "Use the **blue** one."]]
      )
      assert.deepInclude(inputs, { base_branch: "main", deadline_minutes: "60", callback_url: "" })
    })
  )

  it.live("is not started without its plan", () =>
    Effect.gen(function* () {
      const { deliverPlan, dispatched, github, issue, pass, settled, sql } = yield* start({
        mapping: { planningEnabled: true, autoApprovePlans: true }
      })
      const identifier = issue()
      yield* deliverPlan(yield* dispatched(identifier))
      yield* settled(identifier)
      yield* sql`create function lose_plans() returns trigger language plpgsql as
        $$ begin delete from plans; return new; end $$`
      yield* sql`create trigger lose_plans after insert on dispatches execute function lose_plans()`
      yield* pass
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["failed", "launch_refused"])
      assert.include(end.outcome?.message, "no longer exists")
      assert.lengthOf(github.runs(), 1)
    })
  )

  it.live("waits until the tracker gives its comments", () =>
    Effect.gen(function* () {
      const { issue, linear, pass, running } = yield* start()
      const identifier = issue()
      linear.failNext({ match: "Discussion", times: 8, action: { _tag: "status", status: 502 } })
      yield* pass
      yield* running(identifier)
      const refused = linear.calls().filter(({ status }) => status === 502)
      assert.lengthOf(refused, 8)
    })
  )
})

describe("planning", () => {
  it.live("posts its parts in order, then says Plan-Complete, and the next pass implements", () =>
    Effect.gen(function* () {
      const { comments, deliver, deliverPlan, dispatched, github, issue, labels, settled, labelled } =
        yield* start(auto)
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      assert.deepInclude(planning, { phase: "planning", workflowFile: "claude-plan.yml", attempt: 1 })
      yield* labelled(identifier, "AI-Planning")
      yield* deliverPlan(planning)
      const plan = yield* settled(identifier)
      assert.deepStrictEqual([plan.status, plan.outcome?.reason], ["succeeded", "plan"])
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement", "Plan-Complete"])
      assert.deepStrictEqual(
        titlesOf(comments(identifier)),
        planParts.map((title, index) => `**Plan ${index + 1} of 3: ${title}**`)
      )
      const implementation = yield* dispatched(identifier)
      assert.deepInclude(implementation, {
        phase: "implementation",
        workflowFile: "claude-implement.yml",
        attempt: 1,
        branch: planning.branch
      })
      yield* deliver(implementation)
      yield* settled(identifier)
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement", "Plan-Complete", "Ready for Review"])
      assert.lengthOf(github.runs(), 2)
    })
  )

  it.live("is recorded with the dispatch that carries it out, and makes no entry in the dedup window", () =>
    Effect.gen(function* () {
      const { candidates, deliverPlan, dispatched, issue, settled, sql } = yield* start(auto)
      const identifier = issue()
      yield* deliverPlan(yield* dispatched(identifier))
      const { id } = yield* settled(identifier)
      assert.lengthOf(yield* candidates.dedup, 0)
      const implementation = yield* dispatched(identifier)
      const rows =
        yield* sql`select d.id from dispatches d join plans p on p.id = d.plan_id where p.dispatch_id = ${id}`
      assert.deepStrictEqual(rows, [{ id: implementation.id }])
      assert.lengthOf(yield* candidates.dedup, 1)
    })
  )

  it.live("that reports no plan fails after three checks, backs off, and parks at the third failure", () =>
    Effect.gen(function* () {
      const { candidates, comments, dispatched, events, finish, issue, labels, settled, sql, waitsFor } =
        yield* start(auto)
      const identifier = issue()
      for (const attempt of [1, 2, 3]) {
        const planning = yield* dispatched(identifier)
        assert.deepInclude(planning, { phase: "planning", attempt })
        yield* finish(planning, "success")
        const end = yield* settled(identifier)
        assert.deepStrictEqual([end.status, end.outcome?.reason], ["failed", "no_plan"])
        assert.include(yield* events(end.id), "run_ended")
        assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
        if (attempt === 3) break
        const reason = yield* waitsFor(identifier, "backing_off")
        const wait = reason?._tag === "backing_off" ? reason.until.epochMilliseconds : 0
        assert.strictEqual(wait - (end.finishedAt?.epochMilliseconds ?? 0), 300_000 * 2 ** (attempt - 1))
        yield* sql`update issue_failures set backoff_until = now()`
      }
      assert.deepInclude(yield* waitsFor(identifier, "parked"), { failures: 3 })
      const [candidate] = yield* candidates.list({ issue: identifier })
      assert.deepInclude(candidate?.failures, { planning: 3, implementation: 0 })
      assert.lengthOf(
        comments(identifier).filter((text) => text.includes("leaves this issue alone")),
        1
      )
    })
  )

  it.live("of a Fly mapping in any runner mode runs on GitHub Actions, without the settings of Fly", () =>
    Effect.gen(function* () {
      const { deliverPlan, dispatched, issue, settled, waitsFor } = yield* start({
        mapping: { planningEnabled: true, executionMode: "fly-machines", sessionMode: "autonomous" },
        env: { RUNNER_MODE: "fly" }
      })
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      assert.deepInclude(planning, { phase: "planning", executionMode: "github-actions", runnerMode: "fly" })
      yield* deliverPlan(planning)
      yield* settled(identifier)
      yield* waitsFor(identifier, "not_configured")
    })
  )

  it.live("is requested again when Plan-Complete is removed", () =>
    Effect.gen(function* () {
      const { deliverPlan, dispatched, issue, linear, settled, waitsFor } = yield* start(asking)
      const identifier = issue()
      const first = yield* dispatched(identifier)
      yield* deliverPlan(first)
      yield* settled(identifier)
      yield* waitsFor(identifier, "waiting_approval")
      linear.setLabels(identifier, ["AI-Implement"])
      const second = yield* dispatched(identifier)
      assert.deepInclude(second, { phase: "planning", attempt: 2 })
      yield* deliverPlan(second)
      yield* settled(identifier)
      const reason = yield* waitsFor(identifier, "waiting_approval")
      assert.strictEqual(reason?._tag === "waiting_approval" && reason.planDispatchId, second.id)
    })
  )

  it.live("is not requested by a label that was never added", () =>
    Effect.gen(function* () {
      const { comments, deliverPlan, dispatched, issue, linear, pass, settled, until, waitsFor } =
        yield* start(asking)
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      linear.failNext({ match: "mutation Update", times: Infinity, action: { _tag: "status", status: 503 } })
      yield* deliverPlan(planning)
      yield* until(identifier, ({ pending }) => pending.some(({ attempts }) => attempts > 0))
      assert.lengthOf(comments(identifier), 3)
      const reason = yield* waitsFor(identifier, "settling")
      assert.deepStrictEqual(reason?._tag === "settling" && reason.pending, ["labels"])
      yield* pass
      linear.clearFaults()
      yield* settled(identifier)
      yield* waitsFor(identifier, "waiting_approval")
    })
  )

  it.live("is not reverted by what an operator command had read before it existed", () =>
    Effect.gen(function* () {
      const { candidates, deliverPlan, dispatched, issue, linear, settled, waitsFor, labelled } =
        yield* start({
          ...asking,
          timeoutMillis: 60_000
        })
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      yield* labelled(identifier, "AI-Planning")
      const held = hold(linear, "query Issue", "holdAfter")
      const asked = yield* Effect.forkChild(
        Effect.flip(candidates.dispatch({ issue: identifier, by: operator }))
      )
      yield* held
      yield* deliverPlan(planning)
      yield* settled(identifier)
      linear.letGo()
      const refused = yield* Fiber.join(asked)
      assert.strictEqual(refused._tag === "NotAdmitted" && refused.reason._tag, "settling")
      yield* waitsFor(identifier, "waiting_approval")
    })
  )

  it.live("is kept when its label was given up", () =>
    Effect.gen(function* () {
      const { deliverPlan, dispatched, issue, linear, settled, sql, until, waitsFor, labelled } =
        yield* start(asking)
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      yield* labelled(identifier, "AI-Planning")
      linear.failNext({ match: "mutation Update", times: Infinity, action: { _tag: "status", status: 503 } })
      yield* deliverPlan(planning)
      yield* until(identifier, ({ pending }) => pending.some(({ attempts }) => attempts > 0))
      yield* sql`update settlement_effects set created_at = now() - interval '8 days'`
      yield* settled(identifier)
      linear.clearFaults()
      yield* waitsFor(identifier, "labelled_elsewhere")
      linear.setLabels(identifier, ["AI-Implement"])
      yield* waitsFor(identifier, "waiting_approval")
    })
  )
})

describe("the operator commands dispatch and retry", () => {
  it.live("make a new plan on request, and set the old one aside", () =>
    Effect.gen(function* () {
      const { candidates, deliverPlan, dispatched, finish, issue, pass, running, settled, waitsFor } =
        yield* start(asking)
      const identifier = issue()
      yield* deliverPlan(yield* dispatched(identifier))
      yield* settled(identifier)
      yield* waitsFor(identifier, "waiting_approval")
      const again = yield* candidates.dispatch({ issue: identifier, phase: "planning", by: operator })
      assert.deepInclude(again, { phase: "planning", attempt: 2, trigger: "manual" })
      yield* finish(yield* running(identifier), "failure")
      yield* settled(identifier)
      yield* waitsFor(identifier, "backing_off")
      const retried = yield* candidates.retry(again.id, operator)
      assert.deepInclude(retried, { phase: "planning", attempt: 3, trigger: "retry" })
      yield* deliverPlan(yield* running(identifier))
      yield* settled(identifier)
      yield* pass
      const reason = yield* waitsFor(identifier, "waiting_approval")
      assert.strictEqual(reason?._tag === "waiting_approval" && reason.planDispatchId, retried.id)
    })
  )

  it.live("do not implement without an approved plan, and follow the labels as they are now", () =>
    Effect.gen(function* () {
      const { candidates, deliverPlan, dispatched, issue, linear, settled } = yield* start(asking)
      const identifier = issue({ labels: [] })
      const refusal = (phase?: "implementation") =>
        Effect.map(Effect.flip(candidates.dispatch({ issue: identifier, phase, by: operator })), (refused) =>
          refused._tag === "NotAdmitted" ? refused.reason._tag : refused._tag
        )
      assert.strictEqual(yield* refusal("implementation"), "waiting_approval")
      linear.setLabels(identifier, ["AI-Implement"])
      yield* deliverPlan(yield* dispatched(identifier))
      yield* settled(identifier)
      assert.strictEqual(yield* refusal("implementation"), "waiting_approval")
      assert.strictEqual(yield* refusal(), "waiting_approval")
      linear.setLabels(identifier, ["AI-Implement", "Plan-Complete", "Plan-Approved"])
      const dispatch = yield* candidates.dispatch({ issue: identifier, by: operator })
      assert.deepInclude(dispatch, { phase: "implementation", trigger: "manual" })
    })
  )

  it.live("do not plan where planning is off", () =>
    Effect.gen(function* () {
      const { candidates, issue } = yield* start()
      const refused = yield* Effect.flip(
        candidates.dispatch({ issue: issue({ labels: [] }), phase: "planning", by: operator })
      )
      assert.deepStrictEqual(refused._tag === "NotAdmitted" && refused.reason, {
        _tag: "not_configured",
        missing: ["planningEnabled"]
      })
    })
  )

  it.live("of a cancelled planning are no failure; its label comes off", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, dispatches, finish, issue, labels, settled, waitsFor } =
        yield* start(auto)
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      yield* dispatches.cancel(planning.id, operator)
      yield* finish(planning, "cancelled")
      assert.strictEqual((yield* settled(identifier)).status, "cancelled")
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      const [candidate] = yield* candidates.list({ issue: identifier })
      assert.strictEqual(candidate?.failures.planning, 0)
      yield* waitsFor(identifier, "held")
      yield* candidates.unpark(identifier, operator)
      assert.deepInclude(yield* dispatched(identifier), { phase: "planning", attempt: 2 })
    })
  )
})
