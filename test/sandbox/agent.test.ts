import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { strFromU8, unzipSync } from "fflate"
import { defaultBehaviour, type Ending, type Behaviour } from "../../src/sandbox/agent/behaviour.ts"
import { onFly } from "../../src/sandbox/agent/onFly.ts"
import { onGitHub, pullRequestsOn } from "../../src/sandbox/agent/onGitHub.ts"
import type { Agent } from "../../src/sandbox/agent/work.ts"
import { Fly } from "../../src/sandbox/Fly.ts"
import { workflowInputs } from "../../src/domain/WorkflowInputs.ts"
import { eventually } from "../support/eventually.ts"
import { setup, shop } from "../support/githubSandbox.ts"
import { type Answers, runnerDouble } from "../support/runnerServer.ts"
import { StoredDispatchId } from "../../src/domain/Ids.ts"

const dispatchId = "01937c2e-0000-7000-8000-000000000001"
const speed = 400

const workflows = [
  { file: "claude-implement.yml", name: "Implement", inputs: workflowInputs.implementation },
  { file: "claude-plan.yml", name: "Plan", inputs: workflowInputs.planning }
]

const onARun = Effect.fnUntraced(function* (
  answers: Answers,
  behaviour: Partial<Behaviour> = {},
  agent: "auto" | "manual" = "auto"
) {
  const service = yield* runnerDouble(answers)
  const { github, octokit } = yield* setup({
    agent,
    speed,
    repositories: [{ ...shop, workflows }],
    behaviourOf: () => ({ ending: "delivered", asks: false, ...behaviour })
  })
  const begin = (callback_url: string, workflow_id = "claude-implement.yml") =>
    Effect.promise(() =>
      octokit.rest.actions.createWorkflowDispatch({
        ...shop,
        workflow_id,
        ref: "main",
        inputs: {
          callback_url,
          dispatch_id: dispatchId,
          branch: "ai-implement/eng-42-add-search",
          issue_identifier: "ENG-42",
          issue_title: "Add search"
        }
      })
    )
  const run = Effect.sync(() => github.runs()[0])
  const ended = eventually("the run has ended", run, (seen) => seen?.status === "completed")
  return { ...service, github, begin, run, ended }
})

const worked = Effect.fnUntraced(function* (answers: Answers, behaviour?: Partial<Behaviour>) {
  const world = yield* onARun(answers, behaviour)
  yield* world.begin(world.url)
  return { ...world, conclusion: (yield* world.ended)?.conclusion }
})

it.live("a run claims its dispatch, reports its steps, opens a pull request and reports it", () =>
  Effect.gen(function* () {
    const { conclusion, github, reports, steps, tokens } = yield* worked({})
    assert.strictEqual(conclusion, "success")
    assert.deepStrictEqual(steps, ["clone", "agent", "verify", "report"])
    const [pull] = github.pullRequests()
    assert.deepInclude(pull, { branch: "ai-implement/eng-42-add-search", title: "ENG-42: Add search" })
    assert.lengthOf(reports, 1)
    assert.deepInclude(reports[0], {
      dispatchId: StoredDispatchId.make(dispatchId),
      phase: "implementation",
      outcome: "delivered"
    })
    assert.deepStrictEqual(reports[0]?.pullRequest, {
      number: pull?.number ?? 0,
      url: `${github.url}/acme/shop/pull/${pull?.number}`,
      draft: false
    })
    assert.strictEqual(new Set(tokens).size, tokens.length)
    assert.deepStrictEqual(github.control.violations(), [])
  })
)

it.live("an agent ends without work when another has the dispatch", () =>
  Effect.gen(function* () {
    const body = { _tag: "Conflict", error: "Another run has claimed it." }
    const { conclusion, github, reports, steps } = yield* worked({ refusal: { status: 409, body } })
    assert.deepStrictEqual([conclusion, github.pullRequests(), reports, steps], ["success", [], [], []])
  })
)

it.live("an agent with an invalid token fails", () =>
  Effect.gen(function* () {
    const body = { _tag: "Unauthorized", error: "No." }
    const { conclusion, github } = yield* worked({ refusal: { status: 401, body } })
    assert.deepStrictEqual([conclusion, github.pullRequests()], ["failure", []])
  })
)

it.live("a call that the service cannot answer now is made again", () =>
  Effect.gen(function* () {
    const { begin, control, ended, reports, url } = yield* onARun({})
    control.failNext({ match: "claim", action: { _tag: "reset" } })
    yield* begin(url)
    assert.strictEqual((yield* ended)?.conclusion, "success")
    assert.lengthOf(reports, 1)
  })
)

it.live("a question is polled until it is answered, and the work continues", () =>
  Effect.gen(function* () {
    const { asked, conclusion, control, reports } = yield* worked(
      { context: { sessionMode: "interactive" }, open: 2, answer: "The first." },
      { asks: true }
    )
    assert.lengthOf(asked, 1)
    assert.lengthOf(asked[0]?.options ?? [], 2)
    assert.lengthOf(
      control.calls().filter(({ method }) => method === "GET"),
      3
    )
    assert.deepStrictEqual([conclusion, reports[0]?.outcome], ["success", "delivered"])
  })
)

it.live("an unanswered question ends an interactive run and not a hybrid one", () =>
  Effect.gen(function* () {
    const outcome = (sessionMode: "interactive" | "hybrid") =>
      Effect.map(worked({ context: { sessionMode } }, { asks: true }), ({ conclusion, reports }) => [
        conclusion,
        reports[0]?.outcome
      ])
    assert.deepStrictEqual(yield* outcome("interactive"), ["failure", "question_unanswered"])
    assert.deepStrictEqual(yield* outcome("hybrid"), ["success", "delivered"])
  })
)

it.live("each ending is reported as what it is", () =>
  Effect.gen(function* () {
    const end = (ending: Ending) =>
      Effect.map(worked({}, { ending }), ({ conclusion, github, reports }) => [
        conclusion,
        reports.map(({ outcome }) => outcome).join(),
        github.pullRequests().map(({ draft }) => draft)
      ])
    assert.deepStrictEqual(yield* end("no_change"), ["success", "no_change", []])
    assert.deepStrictEqual(yield* end("verification_failed"), ["success", "verification_failed", [true]])
    assert.deepStrictEqual(yield* end("failed"), ["failure", "failed", []])
    assert.deepStrictEqual(yield* end("silent"), ["success", "", []])
    assert.deepStrictEqual(yield* end("cancelled"), ["cancelled", "", []])
  })
)

it.live("a planning run reports a plan and changes nothing", () =>
  Effect.gen(function* () {
    const { conclusion, github, reports } = yield* worked({
      context: { phase: "planning", planFeedback: "Think of the importer." }
    })
    assert.strictEqual(conclusion, "success")
    assert.deepStrictEqual(
      reports[0]?.plan?.map(({ title }) => title),
      ["Architecture Analysis", "Test Plan", "Cross-Story Context"]
    )
    assert.include(reports[0]?.plan?.[2]?.markdown, "Think of the importer.")
    assert.deepStrictEqual(github.pullRequests(), [])
  })
)

it.live("without a callback the report is left with the run", () =>
  Effect.gen(function* () {
    const { begin, ended, github, tokens } = yield* onARun({})
    yield* begin("", "claude-plan.yml")
    assert.strictEqual((yield* ended)?.conclusion, "success")
    const [artifact] = github.artifacts()
    assert.strictEqual(artifact?.name, "ai-implement-report")
    const report = JSON.parse(
      strFromU8(unzipSync(artifact?.zip ?? new Uint8Array())["report.json"] ?? new Uint8Array())
    )
    assert.deepInclude(report, { dispatchId, phase: "planning", outcome: "delivered" })
    assert.lengthOf(report.plan, 3)
    assert.deepStrictEqual(tokens, [])
  })
)

/** Opens pull requests for ever, and says when it is stopped doing so. */
const endless = () => {
  const seen = { begun: false, stopped: false }
  const openPullRequest = Effect.fnUntraced(
    function* () {
      seen.begun = true
      return yield* Effect.never
    },
    Effect.onInterrupt(() => Effect.sync(() => void (seen.stopped = true)))
  )
  const becomes = (what: keyof typeof seen) =>
    eventually(
      what,
      Effect.sync(() => seen[what]),
      (so) => so
    )
  return { openPullRequest, becomes }
}

it.live("whatever ends a run ends its agent", () =>
  Effect.gen(function* () {
    const { begin, github, run } = yield* onARun({}, {}, "manual")
    yield* begin("")
    const { becomes, openPullRequest } = endless()
    const emit = yield* onGitHub(github, { speed, behaviourOf: defaultBehaviour, openPullRequest })
    const begun = yield* run
    assert.isDefined(begun)
    emit({ _tag: "run", action: "queued", run: begun })
    yield* becomes("begun")
    emit({ _tag: "run", action: "completed", run: begun })
    yield* becomes("stopped")
  })
)

const onAMachine = Effect.fnUntraced(function* (
  answers: Answers,
  ending: Ending,
  openPullRequest?: Agent["openPullRequest"]
) {
  const service = yield* runnerDouble(answers)
  const { github } = yield* setup()
  const fly = yield* Fly.make({ tokens: [], apps: ["sessions"], speed })
  yield* onFly(fly, {
    speed,
    behaviourOf: () => ({ ending, asks: false }),
    openPullRequest: openPullRequest ?? pullRequestsOn(github, () => github.url)
  })
  const { id } = yield* fly.putMachine({
    app: "sessions",
    name: "ours",
    env: { AI_IMPLEMENT_URL: service.url, AI_IMPLEMENT_DISPATCH_ID: dispatchId, AI_IMPLEMENT_TOKEN: "t0ken" }
  })
  const state = Effect.sync(() => fly.findMachine(id)?.state)
  return { ...service, fly, github, id, state }
})

it.live("a machine does the same work with its own token, and exits", () =>
  Effect.gen(function* () {
    const { github, reports, state, tokens } = yield* onAMachine({}, "delivered")
    yield* eventually("it has exited", state, (seen) => seen === "stopped")
    assert.strictEqual(reports[0]?.outcome, "delivered")
    assert.lengthOf(github.pullRequests(), 1)
    assert.deepStrictEqual([...new Set(tokens)], ["Bearer t0ken"])
  })
)

it.live("a machine of another owner does nothing, and whatever stops a machine ends its agent", () =>
  Effect.gen(function* () {
    const { becomes, openPullRequest } = endless()
    const { fly, id, tokens } = yield* onAMachine({}, "delivered", openPullRequest)
    yield* fly.putMachine({ app: "sessions", name: "theirs" })
    yield* becomes("begun")
    yield* fly.vanish(id)
    yield* becomes("stopped")
    assert.deepStrictEqual([...new Set(tokens)], ["Bearer t0ken"])
  })
)
