import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { IssuesRepo } from "../../../../src/dispatching/issues/IssuesRepo.ts"
import { PlansRepo } from "../../../../src/dispatching/plans/PlansRepo.ts"
import { type Contract, at, uuid, issueOf, reservation, tracked, reserve } from "./fixtures.ts"

export const plans: Contract = {
  "a plan gets one verdict, and a withdrawn one none": Effect.gen(function* () {
    yield* Effect.flatMap(IssuesRepo, ({ upsert }) => upsert(tracked(1), at))
    const plans = yield* PlansRepo
    yield* plans.declare(issueOf(1), null, false)
    yield* plans.declare(issueOf(1), null, false)
    const plan = yield* plans.current(issueOf(1))
    if (plan === null) return assert.fail("there is a plan")
    assert.isTrue(yield* plans.reject(plan.id, "Olga", "Shorter"))
    assert.isFalse(yield* plans.approve(plan.id, "Petra", "api"))
    assert.strictEqual(yield* plans.rejectedInARow(issueOf(1)), 1)
    assert.isTrue(yield* plans.clearRejections([issueOf(1)]))
    assert.strictEqual(yield* plans.rejectedInARow(issueOf(1)), 0)
    assert.isFalse(yield* plans.withdraw(plan.id))
    yield* plans.declare(issueOf(1), plan.id, false)
    const next = yield* plans.current(issueOf(1))
    assert.notStrictEqual(next?.id, plan.id)
    assert.isTrue(yield* plans.withdraw(next?.id ?? ""))
    assert.isFalse(yield* plans.approve(next?.id ?? "", "Petra", "api"))
    assert.isNull(yield* plans.current(issueOf(1)))
    assert.deepStrictEqual(yield* plans.documents(plan.id), [])
    assert.isNull(yield* plans.documents(uuid(9)))
  }),

  "a new planning withdraws the plan before it": Effect.gen(function* () {
    const plans = yield* PlansRepo
    yield* Effect.flatMap(IssuesRepo, ({ upsert }) => upsert(tracked(1), at))
    yield* plans.declare(issueOf(1), null, true)
    yield* reserve(reservation(1, { phase: "planning" }))
    assert.deepStrictEqual(yield* plans.known([issueOf(1)], at), [])
    assert.isNull(yield* plans.current(issueOf(1)))
  })
}
