import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { operator, repository } from "../../support/engine.ts"
import { jobToken, runIdOf } from "../../support/job.ts"
import { begin, refusal } from "../../support/runnerCalls.ts"

describe("a claim", () => {
  it.live("returns the context of the run, also when it is repeated", () =>
    Effect.gen(function* () {
      const { claim, dispatched, events, issue } = yield* begin()
      const identifier = issue({ description: "With a **logo**." })
      const dispatch = yield* dispatched(identifier)
      const context = yield* claim(dispatch)
      assert.deepInclude(context, {
        identifier,
        title: "Add a logo",
        description: "With a **logo**.",
        phase: "implementation",
        repo: "acme/app",
        ref: "main",
        branch: dispatch.branch,
        sessionMode: "autonomous",
        pullRequest: null,
        questionsToken: null,
        deadlineAt: dispatch.deadlineAt
      })
      assert.deepStrictEqual(yield* claim(dispatch), context)
      assert.lengthOf(
        (yield* events(dispatch.id)).filter((type) => type === "claimed"),
        1
      )
    })
  )

  it.live("of another run is refused and ends without work", () =>
    Effect.gen(function* () {
      const { claim, claimed, runner, token } = yield* begin()
      const dispatch = yield* claimed
      const second = yield* token(dispatch, { claims: { run_id: "99" } })
      const refused = yield* refusal(runner.claim(second, dispatch.id))
      assert.strictEqual(refused._tag, "DispatchConflict")
      assert.include(refused.message, "End without work.")
      yield* claim(dispatch)
    })
  )

  it.live("confirms a launch without an answer from GitHub when the run names the dispatch", () =>
    Effect.gen(function* () {
      const { events, github, issue, pass, runner, token, until, running } = yield* begin({
        policy: {
          launch: { lookupGap: Duration.minutes(10) },
          monitor: { runInterval: Duration.minutes(10) }
        }
      })
      github.control.failNext({
        match: "actions/create-workflow-dispatch",
        action: { _tag: "resetAfter" }
      })
      github.control.failNext({
        match: "actions/list-workflow-runs-for-repo",
        action: { _tag: "status", status: 500, body: { message: "Server Error" } },
        times: 3
      })
      const identifier = issue()
      yield* pass
      const uncertain = yield* until(identifier, ({ status }) => status === "uncertain")
      const [run] = github.findRuns(uncertain.id)
      const foreign = yield* jobToken(github, run?.id ?? 0, { claims: { run_id: "99" } })
      assert.strictEqual((yield* refusal(runner.claim(foreign, uncertain.id)))._tag, "DispatchConflict")
      const own = yield* jobToken(github, run?.id ?? 0)
      assert.strictEqual((yield* runner.claim(own, uncertain.id)).identifier, identifier)
      const confirmed = yield* running(identifier)
      assert.strictEqual(runIdOf(confirmed), run?.id)
      assert.include(yield* events(confirmed.id), "running")
      yield* token(confirmed)
    })
  )

  it.live("is refused while its dispatch is being stopped and after its end", () =>
    Effect.gen(function* () {
      const { claim, dispatched, dispatches, github, issue, settled } = yield* begin()
      github.setCancelDelay(Infinity)
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* Effect.orDie(dispatches.cancel(dispatch.id, operator))
      const stopping = yield* refusal(claim(dispatch))
      assert.match(stopping.message, /is being stopped\. End without work\./)
      yield* settled(identifier)
      const ended = yield* refusal(claim(dispatch))
      assert.match(ended.message, /has ended \(cancelled\)\. End without work\./)
      assert.deepStrictEqual([stopping._tag, ended._tag], ["DispatchConflict", "DispatchConflict"])
    })
  )

  it.live("returns a token valid for questions only to a hybrid run", () =>
    Effect.gen(function* () {
      const { claim, dispatched, issue, runner } = yield* begin({
        mapping: { sessionMode: "hybrid", planningEnabled: false, ...repository }
      })
      const dispatch = yield* dispatched(issue())
      const { questionsToken } = yield* claim(dispatch)
      const refused = yield* refusal(runner.progress(questionsToken, { dispatchId: dispatch.id }))
      assert.deepStrictEqual(
        [refused._tag, refused.message],
        ["InvalidToken", "This token is valid for questions only."]
      )
    })
  )

  it.live("replaces the questions token when the same run repeats it", () =>
    Effect.gen(function* () {
      const { claim, dispatched, issue, runner } = yield* begin({
        mapping: { sessionMode: "hybrid", planningEnabled: false, ...repository }
      })
      const dispatch = yield* dispatched(issue())
      const [first, second] = [yield* claim(dispatch), yield* claim(dispatch)]
      const ask = { dispatchId: dispatch.id, text: "Blue or red?" }
      assert.strictEqual((yield* refusal(runner.ask(first.questionsToken, ask)))._tag, "InvalidToken")
      yield* runner.ask(second.questionsToken, ask)
    })
  )
})
