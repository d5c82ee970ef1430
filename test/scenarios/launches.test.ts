import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { RunBackends } from "../../src/upstreams/RunBackends.ts"
import type { Action } from "../../src/sandbox/Upstream.ts"
import { repository, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { hold } from "../support/hold.ts"

const dispatchCall = "actions/create-workflow-dispatch"
const later: Action = {
  _tag: "status",
  status: 429,
  headers: { "retry-after": "1" },
  body: { message: "Slow down" }
}
const workflow = (inputs: ReadonlyArray<string>) => ({
  repositories: [{ ...repository, workflows: [{ file: "claude-implement.yml", name: "Implement", inputs }] }]
})

describe("a launch", () => {
  it.live("carries what the run needs to know", () =>
    Effect.gen(function* () {
      const { dispatched, issue, runsOf } = yield* start({
        mapping: { extraEnv: { MODEL: "large" }, sessionMode: "autonomous" }
      })
      const identifier = issue({ title: "Add a logo", description: "In blue." })
      const dispatch = yield* dispatched(identifier)
      const [run] = runsOf(dispatch)
      assert.deepInclude(run?.inputs, {
        dispatch_id: dispatch.id,
        issue_id: dispatch.issueId,
        issue_identifier: identifier,
        issue_title: "Add a logo",
        issue_description: "In blue.",
        branch: dispatch.branch,
        session_mode: "autonomous",
        extra_env: '{"MODEL":"large"}'
      })
      assert.strictEqual(dispatch.run?.kind === "github" && dispatch.run.id, run?.id)
    })
  )

  it.live("on Bedrock carries the provider and its region as they were when it was admitted", () =>
    Effect.gen(function* () {
      const { github, issue, map, pass, running, runsOf } = yield* start({
        mapping: { provider: "bedrock", awsRegion: "eu-central-1" },
        timeoutMillis: 20_000
      })
      const held = hold(github.control, dispatchCall)
      const identifier = issue()
      yield* pass
      yield* held
      yield* map({ provider: "anthropic", awsRegion: null })
      github.control.failNext({ match: dispatchCall, action: later })
      github.control.letGo()
      const dispatch = yield* running(identifier)
      assert.deepInclude(runsOf(dispatch)[0]?.inputs, { provider: "bedrock", aws_region: "eu-central-1" })
      assert.deepStrictEqual([dispatch.provider, dispatch.awsRegion], ["bedrock", "eu-central-1"])
    })
  )

  it.live("leaves out the inputs that the workflow does not declare", () =>
    Effect.gen(function* () {
      const { dispatched, github, issue, runsOf } = yield* start({
        github: workflow(["issue_id", "issue_identifier", "dispatch_id"])
      })
      const dispatch = yield* dispatched(issue())
      assert.sameMembers(Object.keys(runsOf(dispatch)[0]?.inputs ?? {}), [
        "issue_id",
        "issue_identifier",
        "dispatch_id"
      ])
      const sent = github.control.calls().filter(({ operation }) => operation === dispatchCall)
      assert.lengthOf(sent, 1)
    })
  )

  it.live("that is refused for an input is sent again without it", () =>
    Effect.gen(function* () {
      const { dispatched, events, github, issue, runsOf } = yield* start()
      yield* dispatched(issue())
      yield* github.putRepository({
        ...repository,
        workflows: workflow(["issue_id", "issue_identifier", "dispatch_id"]).repositories[0]?.workflows ?? []
      })
      const dispatch = yield* dispatched(issue())
      assert.sameMembers(Object.keys(runsOf(dispatch)[0]?.inputs ?? {}), [
        "issue_id",
        "issue_identifier",
        "dispatch_id"
      ])
      assert.include(yield* events(dispatch.id), "undeclared_inputs")
    })
  )

  it.live("at an older server, which takes 10 inputs and names no run, starts one run", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, github, issue, settled } = yield* start({
        github: { server: { runDetails: false, maxInputs: 10 } }
      })
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      assert.lengthOf(github.runs(), 1)
      assert.strictEqual(github.runs()[0]?.inputs["dispatch_id"], dispatch.id)
      yield* deliver(dispatch)
      assert.strictEqual((yield* settled(identifier)).status, "succeeded")
    })
  )

  it.live(
    "whose answer is lost is not repeated when the workflow declares no dispatch_id: an operator decides",
    () =>
      Effect.gen(function* () {
        const { comments, github, issue, pass, settled, waitsFor } = yield* start({
          github: workflow(["issue_id"])
        })
        github.control.failNext({ match: dispatchCall, action: { _tag: "resetAfter" } })
        const identifier = issue()
        yield* pass
        const end = yield* settled(identifier)
        assert.deepStrictEqual([end.status, end.outcome?.reason], ["failed", "launch_unconfirmed"])
        assert.include(comments(identifier)[0], "was not sent again")
        assert.lengthOf(github.runs(), 1)
        yield* waitsFor(identifier, "dedup")
      })
  )

  it.live("that is refused is lost, says what to do, and is retried later", () =>
    Effect.gen(function* () {
      const { comments, dispatched, github, issue, labels, pass, settled, waitsFor } = yield* start()
      yield* dispatched(issue())
      yield* github.putRepository(repository)
      const identifier = issue()
      yield* pass
      const end = yield* settled(identifier)
      assert.deepStrictEqual(
        [end.status, end.outcome?.kind, end.outcome?.reason],
        ["failed", "lost", "launch_refused"]
      )
      assert.include(comments(identifier)[0], "no workflow file `claude-implement.yml`")
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      assert.lengthOf(github.runs(), 1)
      yield* waitsFor(identifier, "backing_off")
      yield* waitsFor(issue(), "repository_not_ready")
    })
  )

  it.live("that GitHub accepts without naming the run is found by its dispatch id", () =>
    Effect.gen(function* () {
      const { dispatched, github, issue, runsOf } = yield* start({
        policy: { launch: { absenceAfterLease: Duration.minutes(1) } }
      })
      github.control.failNext({ match: dispatchCall, action: { _tag: "statusAfter", status: 204 } })
      const dispatch = yield* dispatched(issue())
      assert.lengthOf(runsOf(dispatch), 1)
      assert.lengthOf(github.runs(), 1)
    })
  )

  it.live("that the rate limit delays is sent when the limit resets", () =>
    Effect.gen(function* () {
      const { dispatched, events, github, issue } = yield* start()
      github.control.failNext({ match: dispatchCall, action: later })
      const dispatch = yield* dispatched(issue())
      assert.include(yield* events(dispatch.id), "not_sent")
      assert.lengthOf(github.runs(), 1)
    })
  )

  it.live("that made two runs leaves the older run alone and stops the newer one", () =>
    Effect.gen(function* () {
      const { dispatched, events, github, issue, runsOf, services } = yield* start()
      github.setCancelDelay(20)
      const dispatch = yield* dispatched(issue())
      const runBackends = Context.get(services, RunBackends)
      yield* runBackends.launch({
        ...dispatch,
        ...repository,
        kind: "github",
        dispatchId: dispatch.id,
        workflowFile: "claude-implement.yml",
        issueDescription: null,
        extraEnv: {},
        callbackUrl: null,
        prNumber: null,
        planFeedback: null,
        previousPlan: null,
        deadlineMinutes: 60,
        plan: null,
        comments: [],
        undeclaredInputs: [],
        proceed: Effect.succeed(true)
      })
      const [older, younger] = yield* eventually(
        "the younger run is cancelled",
        Effect.sync(() =>
          runsOf(dispatch).map(({ cancelRequested, conclusion }) => ({ cancelRequested, conclusion }))
        ),
        ([, younger]) => younger?.conclusion === "cancelled"
      )
      assert.deepStrictEqual(older, { cancelRequested: false, conclusion: null })
      assert.isTrue(younger?.cancelRequested)
      yield* eventually("it is recorded", events(dispatch.id), (types) => types.includes("duplicate_stopped"))
    })
  )

  it.live("that made two runs keeps the run that it follows when the older one is listed late", () =>
    Effect.gen(function* () {
      const { deliver, events, github, issue, pass, running, runsOf, settled } = yield* start({
        launchMillis: 500
      })
      github.setConsistencyDelay(Infinity)
      github.setCancelDelay(500)
      github.control.failNext({ match: dispatchCall, action: { _tag: "resetAfter" } })
      const identifier = issue()
      yield* pass
      const dispatch = yield* running(identifier)
      const [older, younger] = runsOf(dispatch)
      assert.strictEqual(dispatch.run?.kind === "github" && dispatch.run.id, younger?.id)
      github.setConsistencyDelay(0)
      yield* eventually(
        "the older run is cancelled",
        Effect.sync(() => older?.conclusion),
        (conclusion) => conclusion === "cancelled"
      )
      assert.isFalse(younger?.cancelRequested)
      yield* eventually("it is recorded", events(dispatch.id), (types) => types.includes("duplicate_stopped"))
      yield* deliver(dispatch)
      assert.strictEqual((yield* settled(identifier)).status, "succeeded")
      const stops = (yield* events(dispatch.id)).filter((type) => type === "duplicate_stopped")
      assert.lengthOf(stops, 1)
    })
  )
})
