import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { call, issue, refused, setClock, setup, shop, workflow_id } from "../support/githubSandbox.ts"

it.effect("a run is queued for 2 s and works for at least 6 s", () =>
  Effect.gen(function* () {
    yield* setClock
    const { github, dispatch } = yield* setup({
      agent: "auto",
      behaviourOf: () => ({ ending: "failed", asks: false })
    })
    yield* dispatch(issue)
    const state = () => github.runs().map(({ status, conclusion }) => [status, conclusion])
    yield* TestClock.adjust("1999 millis")
    assert.deepStrictEqual(state(), [["queued", null]])
    yield* TestClock.adjust("6 seconds")
    assert.deepStrictEqual(state(), [["in_progress", null]])
    yield* TestClock.adjust("13 seconds")
    assert.deepStrictEqual(state(), [["completed", "failure"]])
    assert.deepStrictEqual(github.pullRequests(), [])
  })
)

it.live("runs of one issue go one after the other; of those that wait only the newest stays", () =>
  Effect.gen(function* () {
    const { github, octokit, dispatch } = yield* setup()
    for (const dispatch_id of ["d-1", "d-2", "d-3"]) yield* dispatch({ ...issue, dispatch_id })
    yield* dispatch({ ...issue, issue_id: "i-43", dispatch_id: "d-4" })
    const state = () => github.runs().map(({ status, conclusion }) => conclusion ?? status)
    assert.deepStrictEqual(state(), ["queued", "cancelled", "pending", "queued"])
    const [first] = github.findRuns("d-1")
    yield* github.startRun(first?.id ?? 0)
    const listed = yield* call(() =>
      octokit.rest.actions.listWorkflowRuns({ ...shop, workflow_id, status: "in_progress" })
    )
    assert.deepStrictEqual(
      listed.data.workflow_runs.map(({ id }) => id),
      [first?.id ?? 0]
    )
    yield* github.finishRun(first?.id ?? 0, "success")
    assert.deepStrictEqual(state(), ["success", "cancelled", "queued", "queued"])
  })
)

it.effect("a new run is found by its id at once and in lists after the consistency delay", () =>
  Effect.gen(function* () {
    yield* setClock
    const { github, octokit, dispatch } = yield* setup({ consistencyDelay: 3000 })
    yield* dispatch(issue)
    const count = Effect.map(
      call(() => octokit.rest.actions.listWorkflowRunsForRepo(shop)),
      ({ data }) => data.total_count
    )
    const run_id = github.runs()[0]?.id ?? 0
    yield* call(() => octokit.rest.actions.getWorkflowRun({ ...shop, run_id }))
    assert.strictEqual(yield* count, 0)
    yield* TestClock.adjust("3 seconds")
    assert.strictEqual(yield* count, 1)
  })
)

it.effect("a cancel takes a moment, unless the run does not answer; a force-cancel ends it", () =>
  Effect.gen(function* () {
    yield* setClock
    const { github, octokit, dispatch } = yield* setup()
    const [one, two] = [yield* dispatch(issue), yield* dispatch({ ...issue, issue_id: "i-43" })].map(
      ({ data }) => (data as { workflow_run_id: number }).workflow_run_id
    )
    const cancel = (run_id = 0) => call(() => octokit.rest.actions.cancelWorkflowRun({ ...shop, run_id }))
    assert.strictEqual((yield* cancel(one)).status, 202)
    assert.strictEqual(github.runs()[0]?.status, "queued")
    yield* TestClock.adjust("1 second")
    assert.strictEqual(github.runs()[0]?.conclusion, "cancelled")
    yield* refused(409, "Cannot cancel", () =>
      octokit.rest.actions.cancelWorkflowRun({ ...shop, run_id: one ?? 0 })
    )
    github.setCancelDelay(Infinity)
    yield* cancel(two)
    yield* TestClock.adjust("10 minutes")
    assert.strictEqual(github.runs()[1]?.status, "queued")
    yield* call(() => octokit.rest.actions.forceCancelWorkflowRun({ ...shop, run_id: two ?? 0 }))
    assert.strictEqual(github.runs()[1]?.conclusion, "cancelled")
  })
)

it.live("the answer to a dispatch can be lost, though the run exists", () =>
  Effect.gen(function* () {
    const { github, dispatch } = yield* setup()
    github.control.failNext({ match: "create-workflow-dispatch", action: { _tag: "resetAfter" } })
    const error = yield* Effect.flip(dispatch(issue))
    assert.isUndefined(error.response)
    assert.lengthOf(github.findRuns("d-1"), 1)
  })
)
