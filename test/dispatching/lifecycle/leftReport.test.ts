import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import { repository, start } from "../../support/engine.ts"
import { runIdOf } from "../../support/job.ts"

const name = "ai-implement-report"
const plan = [{ title: "Architecture Analysis", markdown: "As it is." }]

const begin = Effect.fnUntraced(function* (planningEnabled = false) {
  const engine = yield* start({ mapping: { ...repository, planningEnabled } })
  const leave = (dispatch: Dispatch, report: object, files: Readonly<Record<string, string>> = {}) =>
    Effect.orDie(
      engine.github.uploadArtifact(runIdOf(dispatch), name, {
        "report.json": JSON.stringify({ dispatchId: dispatch.id, phase: dispatch.phase, ...report }),
        ...files
      })
    )
  const reads = () =>
    engine.github.control
      .calls()
      .filter(({ operation }) => operation === "actions/list-workflow-run-artifacts")
  return { ...engine, leave, reads }
})

describe("without PUBLIC_URL, the report that a run left", () => {
  it.live("brings the plan", () =>
    Effect.gen(function* () {
      const { comments, dispatched, finish, issue, labels, leave, settled } = yield* begin(true)
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      assert.strictEqual(dispatch.phase, "planning")
      yield* leave(dispatch, { outcome: "delivered", plan, costUsd: 0.5 })
      yield* finish(dispatch, "success")
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason, end.costUsd], ["succeeded", "plan", 0.5])
      assert.include(labels(identifier), "Plan-Complete")
      assert.isTrue(comments(identifier).some((body) => body.includes("As it is.")))
    })
  )

  it.live("says why a failed run failed", () =>
    Effect.gen(function* () {
      const { comments, dispatched, finish, issue, leave, settled } = yield* begin()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const failure = { reason: "tests", message: "Two tests fail", lines: ["FAIL one"] }
      yield* leave(dispatch, { outcome: "failed", failure })
      yield* finish(dispatch, "failure")
      const end = yield* settled(identifier)
      assert.include(end.outcome?.message, "Two tests fail")
      assert.isTrue(comments(identifier).some((body) => body.includes("FAIL one")))
    })
  )

  it.live("is not trusted without the pull request, and is checked once", () =>
    Effect.gen(function* () {
      const { dispatched, finish, issue, leave, reads, settled } = yield* begin()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* leave(dispatch, { outcome: "delivered", pullRequest: { number: 99, url: "x", draft: false } })
      yield* finish(dispatch, "success")
      const end = yield* settled(identifier)
      assert.strictEqual(end.outcome?.reason, "no_pull_request")
      assert.lengthOf(reads(), 1)
    })
  )

  const useless: ReadonlyArray<readonly [string, object, Readonly<Record<string, string>>]> = [
    ["of another dispatch", { dispatchId: "01890000-0000-7000-8000-000000000001", outcome: "no_change" }, {}],
    ["that is no report", { outcome: "splendid" }, {}],
    ["beside another file", { outcome: "no_change" }, { "other.json": "{}" }]
  ]
  for (const [what, report, files] of useless) {
    it.live(`${what} is ignored`, () =>
      Effect.gen(function* () {
        const { dispatched, finish, issue, leave, reads, settled } = yield* begin()
        const identifier = issue()
        const dispatch = yield* dispatched(identifier)
        yield* leave(dispatch, report, files)
        yield* finish(dispatch, "failure")
        assert.strictEqual((yield* settled(identifier)).outcome?.reason, "run_failed")
        assert.lengthOf(reads(), 1)
      })
    )
  }

  it.live("is waited for while GitHub does not answer", () =>
    Effect.gen(function* () {
      const { dispatched, finish, github, issue, leave, settled } = yield* begin()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* leave(dispatch, { outcome: "no_change" })
      github.control.failNext({
        match: "actions/list-workflow-run-artifacts",
        times: 4,
        action: { _tag: "status", status: 502, body: {} }
      })
      yield* finish(dispatch, "failure")
      assert.strictEqual((yield* settled(identifier)).outcome?.reason, "no_change")
    })
  )
})
