import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { RunnerCredentialsRepo } from "../../../src/dispatching/dispatches/RunnerCredentialsRepo.ts"
import { Runner } from "../../../src/dispatching/callbacks/Runner.ts"
import { closedPort } from "../../support/closedPort.ts"
import { start } from "../../support/engine.ts"
import { jobToken, runIdOf } from "../../support/job.ts"
import { StoredDispatchId } from "../../../src/domain/Ids.ts"
import { begin, refusal } from "../../support/runnerCalls.ts"

describe("a token", () => {
  it.live(
    "that is not the job's own, valid and issued for this service is refused with the reason, and never shown",
    () =>
      Effect.gen(function* () {
        const { dispatched, github, issue, runner, token } = yield* begin()
        const dispatch = yield* dispatched(issue())
        const now = yield* Effect.map(Clock.currentTimeMillis, (millis) => Math.floor(millis / 1000))
        const claimed = (claims: Readonly<Record<string, unknown>>) => token(dispatch, { claims })
        const cases: ReadonlyArray<readonly [string | null, RegExp]> = [
          [null, /The token is missing/],
          ["not-a-token", /neither issued by this service nor a GitHub job token/],
          ["a.b.c", /neither issued by this service nor a GitHub job token/],
          [`${(yield* token(dispatch)).slice(0, -6)}AAAAAA`, /not signed with a key of http/],
          [yield* token(dispatch, { forged: true }), /not signed with a key of http/],
          [
            yield* token(dispatch, { audience: "https://other.test" }),
            /audience https:\/\/ai-implement\.test/
          ],
          [yield* claimed({ iss: "https://evil.test" }), /was not issued by/],
          [yield* claimed({ exp: now - 120 }), /has expired/],
          [yield* claimed({ nbf: now + 300 }), /not valid yet/],
          [yield* claimed({ exp: undefined }), /claim exp is missing/],
          [yield* claimed({ jti: undefined }), /claim jti is missing/],
          [yield* claimed({ run_id: undefined }), /lacks claims/],
          [yield* claimed({ repository_id: "1" }), /another repository that had the name acme\/app/],
          [yield* claimed({ event_name: "push" }), /not workflow_dispatch/],
          [
            yield* claimed({
              job_workflow_ref: "acme/app/.github/workflows/claude-implement.yml@refs/heads/main"
            }),
            /only that workflow may call/
          ]
        ]
        for (const [token, why] of cases) {
          const refused = yield* refusal(runner.claim(token, dispatch.id))
          assert.strictEqual(refused._tag, "InvalidToken", refused.message)
          assert.match(refused.message, why)
          if (token !== null) assert.notInclude(refused.message, token)
        }
        assert.lengthOf(github.runs(), 1)
      })
  )

  it.live("of a job is valid once, even when the call was refused", () =>
    Effect.gen(function* () {
      const { claimed, runner, token } = yield* begin()
      const dispatch = yield* claimed
      const job = yield* token(dispatch)
      yield* runner.progress(job, { dispatchId: dispatch.id })
      const again = yield* refusal(runner.progress(job, { dispatchId: dispatch.id }))
      assert.deepStrictEqual(
        [again._tag, again.message],
        ["InvalidToken", "The job's token was used before. Request a new one for each call."]
      )
    })
  )

  it.live("of a machine is valid for its own dispatch", () =>
    Effect.gen(function* () {
      const { claim, dispatched, issue, runner, services } = yield* begin()
      const [one, other] = [yield* dispatched(issue()), yield* dispatched(issue())]
      const credentials = Context.get(services, RunnerCredentialsRepo)
      const machine = Redacted.value(yield* credentials.issue(one.id, "machine"))
      assert.strictEqual((yield* runner.claim(machine, one.id)).identifier, one.issueIdentifier)
      yield* runner.claim(machine, one.id)
      const foreign = yield* refusal(runner.claim(machine, other.id))
      assert.deepStrictEqual(
        [foreign._tag, foreign.message],
        ["InvalidToken", "The token belongs to another dispatch."]
      )
      const second = Redacted.value(yield* credentials.issue(one.id, "machine"))
      assert.match((yield* refusal(runner.claim(second, one.id))).message, /Another run has claimed/)
      assert.strictEqual((yield* refusal(claim(one)))._tag, "DispatchConflict")
    })
  )

  it.live("of a job cannot be verified without PUBLIC_URL", () =>
    Effect.gen(function* () {
      const { dispatched, github, issue, services } = yield* start()
      const dispatch = yield* dispatched(issue())
      const job = yield* jobToken(github, runIdOf(dispatch))
      const refused = yield* refusal(Context.get(services, Runner).claim(job, dispatch.id))
      assert.strictEqual(refused._tag, "UpstreamError")
      assert.include(refused.message, "PUBLIC_URL")
    })
  )

  it.live("of a job cannot be verified without the issuer's keys", () =>
    Effect.gen(function* () {
      const { claim, dispatched, issue } = yield* begin({
        env: { GITHUB_OIDC_ISSUER: yield* closedPort }
      })
      const refused = yield* refusal(claim(yield* dispatched(issue())))
      assert.strictEqual(refused._tag, "UpstreamError")
      assert.include(refused.message, "GITHUB_OIDC_ISSUER")
    })
  )

  it.live("of a job is verified once GitHub returns the id of the repository", () =>
    Effect.gen(function* () {
      const { claim, dispatched, github, issue } = yield* begin()
      const dispatch = yield* dispatched(issue())
      github.control.failNext({
        match: "repos/get",
        action: { _tag: "status", status: 404, body: { message: "Not Found" } }
      })
      assert.strictEqual((yield* refusal(claim(dispatch)))._tag, "UpstreamError")
      yield* claim(dispatch)
    })
  )

  it.live("for an unknown dispatch finds no dispatch", () =>
    Effect.gen(function* () {
      const { dispatched, issue, runner, token } = yield* begin()
      const dispatch = yield* dispatched(issue())
      const absent = yield* refusal(
        runner.claim(yield* token(dispatch), StoredDispatchId.make("01890000-0000-7000-8000-000000000001"))
      )
      assert.strictEqual(absent._tag, "DispatchNotFound")
    })
  )
})
