import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { maxRepositoryTokens } from "../../../src/dispatching/dispatches/TransitionsRepo.ts"
import { operator, repository } from "../../support/engine.ts"
import { runIdOf } from "../../support/job.ts"
import { begin, refusal } from "../../support/runnerCalls.ts"

describe("a token for the repository", () => {
  it.live("may push to it and open pull requests, and nothing else, for an hour", () =>
    Effect.gen(function* () {
      const { claimed, events, github, runner, sql, token } = yield* begin()
      const dispatch = yield* claimed
      const granted = yield* runner.token(yield* token(dispatch), dispatch.id)
      assert.deepInclude(github.tokens().at(-1), {
        value: granted.token,
        permissions: { contents: "write", metadata: "read", pull_requests: "write" },
        repositories: ["acme/app"]
      })
      const now = yield* Clock.currentTimeMillis
      assert.isBelow(Math.abs(granted.expiresAt.epochMilliseconds - now - 3_600_000), 60_000)
      const renewed = yield* runner.token(yield* token(dispatch), dispatch.id)
      assert.notStrictEqual(renewed.token, granted.token)
      assert.lengthOf(
        (yield* events(dispatch.id)).filter((type) => type === "repository_token"),
        2
      )
      const audited = yield* sql`select actor_name, subject, after from audit where action = 'runner.token'`
      assert.lengthOf(audited, 2)
      assert.deepInclude(audited[0], {
        actorName: `github/${runIdOf(dispatch)}`,
        subject: dispatch.issueIdentifier
      })
      assert.notInclude(JSON.stringify(audited), granted.token)
      const everything =
        yield* sql`select d::text, (select string_agg(e::text, '') from dispatch_events e) as e
        from dispatches d`
      assert.notInclude(JSON.stringify(everything), granted.token)
    })
  )

  it.live("is not given before a claim, to another run, to a planning run and after the end", () =>
    Effect.gen(function* () {
      const { claim, dispatched, finish, github, issue, map, runner, settled, token } = yield* begin()
      const dispatch = yield* dispatched(issue())
      const ask = Effect.flatMap(token(dispatch), (own) => runner.token(own, dispatch.id))
      assert.match((yield* refusal(ask)).message, /not claimed/)
      yield* claim(dispatch)
      const foreign = yield* token(dispatch, { claims: { run_id: "99" } })
      assert.match((yield* refusal(runner.token(foreign, dispatch.id))).message, /Another run has claimed/)
      yield* ask
      yield* finish(dispatch, "failure")
      yield* settled(dispatch.issueIdentifier)
      assert.match((yield* refusal(ask)).message, /has ended/)
      yield* map({ planningEnabled: true })
      const planning = yield* dispatched(issue())
      yield* claim(planning)
      assert.match(
        (yield* refusal(Effect.flatMap(token(planning), (own) => runner.token(own, planning.id)))).message,
        /planning run: it changes nothing/
      )
      assert.lengthOf(
        github.tokens().filter(({ permissions }) => permissions["contents"] === "write"),
        1
      )
    })
  )

  it.live("is not given to a question token or while the dispatch is being stopped", () =>
    Effect.gen(function* () {
      const { claim, dispatched, dispatches, github, issue, runner, token } = yield* begin({
        mapping: { sessionMode: "hybrid", planningEnabled: false, ...repository }
      })
      github.setCancelDelay(Infinity)
      const dispatch = yield* dispatched(issue())
      const { questionsToken } = yield* claim(dispatch)
      assert.match(
        (yield* refusal(runner.token(questionsToken, dispatch.id))).message,
        /valid for questions only/
      )
      yield* Effect.orDie(dispatches.cancel(dispatch.id, operator))
      const stopping = yield* refusal(
        Effect.flatMap(token(dispatch), (own) => runner.token(own, dispatch.id))
      )
      assert.match(stopping.message, /is being stopped/)
    })
  )

  it.live("is given a limited number of times", () =>
    Effect.gen(function* () {
      const { claimed, runner, sql, token } = yield* begin()
      const dispatch = yield* claimed
      yield* sql`update dispatches set repository_tokens = ${maxRepositoryTokens - 1} where id = ${dispatch.id}`
      const ask = Effect.flatMap(token(dispatch), (own) => runner.token(own, dispatch.id))
      yield* ask
      assert.match((yield* refusal(ask)).message, /received 30 tokens already/)
    })
  )

  it.live("is not given without the App's permission, which the answer names", () =>
    Effect.gen(function* () {
      const { claimed, github, runner, token } = yield* begin()
      const dispatch = yield* claimed
      github.install({ permissions: { actions: "write", contents: "read", pull_requests: "write" } })
      const refused = yield* refusal(Effect.flatMap(token(dispatch), (own) => runner.token(own, dispatch.id)))
      assert.strictEqual(refused._tag, "UpstreamError")
      assert.include(refused.message, "contents: write")
    })
  )
})
