import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Run } from "../../../src/domain/Dispatch.ts"
import { CodeHost } from "../../../src/upstreams/CodeHost.ts"
import { WorkflowRuns } from "../../../src/upstreams/RunBackends.ts"
import { GitHub as Sandbox } from "../../../src/sandbox/GitHub.ts"
import { asked, aWhileAgo, failureOf, inputs, live, request, web, place } from "../../support/githubClient.ts"
import { UpstreamCalls } from "../../support/upstreamsDouble.ts"
import { StoredDispatchId } from "../../../src/domain/Ids.ts"

const listRuns = "actions/list-workflow-runs-for-repo"
const run = (id: number): Run => ({ kind: "github", id, url: "" })
const remaining = Effect.map(UpstreamCalls, ({ budgets }) => budgets.get("github")?.[0]?.remaining)

live(
  "an unchanged list costs no budget, a changed one is seen",
  Effect.gen(function* () {
    const runs = yield* WorkflowRuns
    const github = yield* Sandbox
    const run = yield* runs.launch(request)
    const since = yield* aWhileAgo
    const first = yield* runs.list({ place, since, runs: [] })
    const before = yield* remaining
    yield* asked
    const later = DateTime.add(since, { seconds: 1 })
    assert.deepStrictEqual(yield* runs.list({ place, since: later, runs: [] }), first)
    assert.deepStrictEqual(
      github.control.calls().map(({ status }) => status),
      [304]
    )
    assert.strictEqual(yield* remaining, before)
    if (run?.kind === "github") yield* github.startRun(run.id)
    const [seen] = yield* runs.list({ place, since, runs: [] })
    assert.strictEqual(seen?.state, "running")
  })
)

live(
  "our runs that the list omits are read one by one, others are not ours",
  Effect.gen(function* () {
    const runs = yield* WorkflowRuns
    const github = yield* Sandbox
    const old = { ...place, repo: "old" }
    const ours = yield* runs.launch({ ...request, repo: "old", undeclaredInputs: undeclared })
    yield* runs.launch({ ...request, repo: "old", undeclaredInputs: undeclared })
    const id = ours?.kind === "github" ? ours.id : 0
    yield* asked
    const now = yield* DateTime.now
    const seen = yield* runs.list({ place: old, since: now, runs: ours === null ? [] : [ours] })
    assert.deepStrictEqual(
      seen.map(({ run, dispatchId }) => [run, dispatchId]),
      [[ours, null]]
    )
    assert.deepStrictEqual(yield* asked, [listRuns])
    const tomorrow = DateTime.add(now, { days: 1 })
    assert.lengthOf(yield* runs.list({ place: old, since: tomorrow, runs: [run(id), run(404)] }), 1)
    assert.deepStrictEqual([...(yield* asked)].toSorted(), [
      "actions/get-workflow-run",
      "actions/get-workflow-run",
      listRuns
    ])
    yield* runs.list({ place: old, since: tomorrow, runs: [run(id)] })
    assert.deepStrictEqual(
      github.control.calls().map(({ status }) => status),
      [304, 304]
    )
  })
)

const undeclared = inputs.filter((name) => name !== "issue_id")

live(
  "a run is found though GitHub's clock is behind ours, and on a later page",
  Effect.gen(function* () {
    const runs = yield* WorkflowRuns
    const { dispatchId } = request
    yield* runs.launch(request)
    yield* Effect.forEach(Array.from({ length: 120 }), () =>
      runs.launch({ ...request, dispatchId: StoredDispatchId.make("01936f3e-1111-7222-8333-000000000000") })
    )
    const ahead = DateTime.makeUnsafe((yield* Clock.currentTimeMillis) + 5 * 60_000)
    yield* asked
    const found = yield* runs.find({ place, dispatchId, since: ahead })
    assert.lengthOf(found, 1)
    assert.deepStrictEqual(yield* asked, [listRuns, listRuns])
  })
)

live(
  "absence among too many runs to look through is not concluded",
  Effect.gen(function* () {
    const runs = yield* WorkflowRuns
    yield* Effect.forEach(Array.from({ length: 301 }), () => runs.launch(request))
    const dispatchId = "01936f3e-1111-7222-8333-000000000000"
    const failure = yield* failureOf(
      runs.find({ place, dispatchId: StoredDispatchId.make(dispatchId), since: yield* aWhileAgo })
    )
    assert.deepStrictEqual(failure.reason, { _tag: "Unavailable", delivery: "unknown" })
    assert.deepStrictEqual((yield* asked).slice(-3), [listRuns, listRuns, listRuns])
  })
)

live(
  "a cancelled run ends in its own time, a forced one at once",
  Effect.gen(function* () {
    const runs = yield* WorkflowRuns
    const github = yield* Sandbox
    github.setCancelDelay(Infinity)
    const run = yield* runs.launch(request)
    if (run?.kind !== "github") return assert.fail("No run.")
    yield* github.startRun(run.id)
    yield* runs.stop({ place, run, force: false })
    assert.strictEqual(github.findRun(run.id)?.status, "in_progress")
    yield* runs.stop({ place, run, force: true })
    assert.strictEqual(github.findRun(run.id)?.conclusion, "cancelled")
  })
)

live(
  "a stop is repeated when GitHub fails",
  Effect.gen(function* () {
    const runs = yield* WorkflowRuns
    const github = yield* Sandbox
    const run = yield* runs.launch(request)
    if (run === null) return assert.fail("No run.")
    github.control.failNext({ match: "cancel-workflow-run", action: { _tag: "status", status: 502 } })
    yield* runs.stop({ place, run, force: true })
    assert.strictEqual(github.runs()[0]?.conclusion, "cancelled")
  })
)

live(
  "a pull request whose number or time cannot be kept is refused, one at the edge is not",
  Effect.gen(function* () {
    const codeHost = yield* CodeHost
    const { control } = yield* Sandbox
    const { branch, issueIdentifier } = request
    const found = (changes: object) => {
      const pull = {
        number: 2 ** 31 - 1,
        html_url: "https://github.test/pull",
        state: "open",
        title: "Search",
        created_at: "9999-12-31T23:59:59.999Z",
        merged_at: null,
        head: { ref: branch, sha: "1".repeat(40), repo: { id: 1 } },
        base: { repo: { id: 1 } }
      }
      control.failNext({
        match: "pulls/list",
        action: { _tag: "status", status: 200, body: [{ ...pull, ...changes }] }
      })
      return Effect.flatMap(aWhileAgo, (since) =>
        codeHost.pullRequest({ ...web, branch, issueIdentifier, since })
      )
    }
    assert.strictEqual((yield* found({}))?.number, 2 ** 31 - 1)
    for (const changes of [
      { number: 2 ** 31 },
      { number: 2 ** 53 },
      { created_at: "+010000-01-01T00:00:00.000Z" }
    ]) {
      assert.deepStrictEqual((yield* failureOf(found(changes))).reason, { _tag: "Malformed" })
    }
  })
)

live(
  "unchanged pull requests cost no budget",
  Effect.gen(function* () {
    const codeHost = yield* CodeHost
    const github = yield* Sandbox
    const open = yield* github.openPullRequest({ ...web, branch: "a", title: "A" })
    const closed = yield* github.openPullRequest({ ...web, branch: "b", title: "B" })
    yield* github.closePullRequest({ ...web, number: closed.number })
    const look = codeHost.pullRequests({ ...web, numbers: [open.number, closed.number] })
    yield* look
    github.control.resetCalls()
    assert.deepStrictEqual(
      (yield* look).map(({ state }) => state),
      ["open", "closed"]
    )
    assert.deepStrictEqual(
      github.control.calls().map(({ status }) => status),
      [304, 304]
    )
  })
)

live(
  "an open pull request of the branch is taken before a newer closed one",
  Effect.gen(function* () {
    const codeHost = yield* CodeHost
    const github = yield* Sandbox
    const { branch, issueIdentifier } = request
    const first = yield* github.openPullRequest({ ...web, branch, title: "First" })
    yield* github.closePullRequest({ ...web, number: first.number })
    const query = { ...web, branch, issueIdentifier, since: yield* aWhileAgo }
    assert.deepInclude(yield* codeHost.pullRequest(query), { number: first.number, state: "closed" })
    const second = yield* github.openPullRequest({ ...web, branch, title: "Second" })
    assert.deepInclude(yield* codeHost.pullRequest(query), { number: second.number, state: "open" })
    yield* github.mergePullRequest({ ...web, number: second.number })
    assert.deepInclude(yield* codeHost.pullRequest(query), { number: second.number, state: "merged" })
  })
)
