import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { DecisionsRepo } from "../../../src/dispatching/issues/DecisionsRepo.ts"
import { runPass } from "../../../src/dispatching/poller/pass.ts"
import { PassesRepo } from "../../../src/dispatching/poller/PassesRepo.ts"
import { start } from "../../support/engine.ts"
import { eventually } from "../../support/eventually.ts"
import { publicUrl } from "../../support/job.ts"

/** A check of the repository (eight reads), and two tokens of two calls each. */
const checkAndTokens = 12

describe("a pass that Linear stops answering", () => {
  it.live("counts its calls, and reports as many candidates as the pass before", () =>
    Effect.gen(function* () {
      const { issue, linear, pass, services, sql } = yield* start()
      yield* pass
      yield* eventually(
        "the service begins no other pass",
        Effect.orDie(sql`select id from passes where finished_at is null`),
        (unfinished) => unfinished.length === 0
      )
      for (let n = 0; n < 12; n++) issue()
      linear.failNext({ match: "query Page", action: { _tag: "delay", millis: 0 } })
      linear.failNext({ match: "query Page", action: { _tag: "status", status: 400 } })
      const requests = yield* Ref.make(0)
      const result = yield* Effect.gen(function* () {
        const repo = yield* PassesRepo
        const epoch = yield* repo.raiseEpoch("test")
        return yield* runPass({ id: yield* repo.begin(epoch), epoch, lastCount: 7, requests })
      }).pipe(Effect.provide([PassesRepo.layer, DecisionsRepo.layer]), Effect.provide(services))
      assert.deepInclude(result, { candidates: 7, dispatched: 0 })
      assert.isNotNull(result.error)
      assert.strictEqual(yield* Ref.get(requests), 2)
    })
  )
})

describe("50 issues that are ready at once", () => {
  it.live("cost three upstream calls each, besides pages and a token, where runs can call back", () =>
    Effect.gen(function* () {
      const { github, issue, linear, pass, sql } = yield* start({
        env: { PUBLIC_URL: publicUrl },
        mapping: { maxInProgressAiIssues: 50 },
        policy: { monitor: { runInterval: Duration.hours(1), pullRequestInterval: Duration.hours(1) } }
      })
      for (let n = 0; n < 50; n++) issue({ labels: n === 0 ? ["AI-Implement", "Bug"] : ["AI-Implement"] })
      yield* pass
      yield* eventually(
        "all are announced",
        sql`select 1 from dispatches where announced_at is not null`,
        ({ length }) => length === 50,
        20
      )
      const byOperation = (calls: ReadonlyArray<{ readonly operation: string | null }>) =>
        Object.entries(Object.groupBy(calls, ({ operation }) => operation ?? "")).map(
          ([operation, { length } = []]) => [operation, length] as const
        )
      const asked = byOperation(linear.calls())
      const count = (part: string, of: typeof asked) =>
        of.filter(([operation]) => operation.includes(part)).reduce((sum, [, length = 0]) => sum + length, 0)
      const sent = byOperation(github.control.calls())
      assert.isAtMost(count("issues(", asked), 3)
      assert.strictEqual(count("actions/create-workflow-dispatch", sent), 50)
      assert.strictEqual(github.control.calls().length, 50 + checkAndTokens)
      assert.strictEqual(count("issueUpdate", asked), 50)
      assert.strictEqual(count("issueLabelCreate", asked), 1)
      assert.isAtMost(count("query Labels", asked), 2)
      assert.isAtMost(linear.calls().length - count("query Labels", asked), 2 * 50 + 4)
    })
  )
})
