import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { CommentPolicy } from "../../../src/dispatching/comments/policy.ts"
import { TriggersRepo } from "../../../src/dispatching/comments/TriggersRepo.ts"
import { repository } from "../../support/engine.ts"
import { begin, refusal } from "../../support/runnerCalls.ts"

const quickComments = {
  interval: Duration.millis(50),
  retryBase: Duration.millis(50),
  retryMax: Duration.millis(100),
  giveUpAfter: Duration.hours(24)
}

describe("the context of a run", () => {
  it.live("holds the comments of people, oldest first, and the parent of the issue", () =>
    Effect.gen(function* () {
      const { claim, dispatched, issue, linear } = yield* begin()
      const parent = issue({ title: "A new brand", labels: [] })
      const identifier = issue({ parent })
      linear.comment({ issue: identifier, body: "Use the **blue** one." })
      linear.comment({ issue: identifier, body: "From a bot.", bot: "Deploy bot" })
      linear.comment({ issue: identifier, body: "And keep the old file." })
      const context = yield* claim(yield* dispatched(identifier))
      assert.deepStrictEqual(
        context.comments.map(({ author, text }) => [author, text]),
        [
          ["Person", "Use the **blue** one."],
          ["Person", "And keep the old file."]
        ]
      )
      assert.deepStrictEqual(context.parent, { identifier: parent, title: "A new brand" })
    })
  )

  it.live("holds the approved plan, whole", () =>
    Effect.gen(function* () {
      const { claim, deliverPlan, dispatched, issue, settled } = yield* begin({
        mapping: { ...repository, planningEnabled: true, autoApprovePlans: true }
      })
      const identifier = issue()
      const planning = yield* dispatched(identifier)
      assert.isNull((yield* claim(planning)).plan)
      yield* deliverPlan(planning, ["Architecture Analysis", "x".repeat(150)])
      yield* settled(identifier)
      const { plan } = yield* claim(yield* dispatched(identifier))
      assert.include(plan, `# Architecture Analysis\n\nArchitecture Analysis of ${planning.id}`)
      assert.include(plan, "x".repeat(150))
    })
  )

  it.live("names the pull request that it continues, with its head", () =>
    Effect.gen(function* () {
      const engine = yield* Effect.provideService(begin(), CommentPolicy, quickComments)
      const { claim, deliver, dispatched, github, issue, services, settled, until } = engine
      const identifier = issue()
      const first = yield* dispatched(identifier)
      const { headSha, number } = yield* deliver(first)
      yield* settled(identifier)
      yield* github.setRole({ ...repository, login: "robin", role: "write" })
      const { id: commentId } = yield* github.comment({
        ...repository,
        number,
        author: "robin",
        body: "/ai-implement"
      })
      yield* Context.get(services, TriggersRepo).add({
        owner: "acme",
        repo: "app",
        prNumber: number,
        commentId
      })
      const second = yield* until(identifier, ({ attempt, status }) => attempt === 2 && status === "running")
      const context = yield* claim(second)
      assert.deepStrictEqual(
        [context.trigger, context.branch, context.pullRequest, context.plan],
        ["comment", first.branch, { number, headSha }, null]
      )
    })
  )

  it.live("is refused when its plan no longer exists", () =>
    Effect.gen(function* () {
      const { claim, deliverPlan, dispatched, events, issue, settled, sql } = yield* begin({
        mapping: { ...repository, planningEnabled: true, autoApprovePlans: true }
      })
      const identifier = issue()
      yield* deliverPlan(yield* dispatched(identifier))
      yield* settled(identifier)
      const implementation = yield* dispatched(identifier)
      yield* sql`delete from plans`
      const refused = yield* refusal(claim(implementation))
      assert.strictEqual(refused._tag, "DispatchConflict")
      assert.include(refused.message, "no longer exists")
      assert.notInclude(yield* events(implementation.id), "claimed")
    })
  )

  it.live("is refused where planning was enabled and the dispatch has no plan", () =>
    Effect.gen(function* () {
      const { claim, dispatched, issue, map } = yield* begin()
      const dispatch = yield* dispatched(issue())
      yield* map({ planningEnabled: true })
      const refused = yield* refusal(claim(dispatch))
      assert.strictEqual(refused._tag, "DispatchConflict")
      assert.include(refused.message, "this dispatch has no plan")
    })
  )
})
