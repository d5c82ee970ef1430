import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import { RunnerCredentialsRepo } from "../../../src/dispatching/dispatches/RunnerCredentialsRepo.ts"
import { CommentPolicy } from "../../../src/dispatching/comments/policy.ts"
import { TriggersRepo } from "../../../src/dispatching/comments/TriggersRepo.ts"
import { maxRepositoryTokens } from "../../../src/dispatching/dispatches/TransitionsRepo.ts"
import { TimelineRepo } from "../../../src/dispatching/dispatches/TimelineRepo.ts"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import type { Report } from "../../../src/domain/Report.ts"
import { Runner } from "../../../src/dispatching/callbacks/Runner.ts"
import { closedPort } from "../../support/closedPort.ts"
import { type EngineOptions, operator, repository, start } from "../../support/engine.ts"
import { jobToken, publicUrl, runIdOf } from "../../support/job.ts"
import { StoredDispatchId } from "../../../src/domain/Ids.ts"

const begin = Effect.fnUntraced(function* (options: EngineOptions = {}) {
  const engine = yield* start({ ...options, env: { PUBLIC_URL: publicUrl, ...options.env } })
  const runner = Context.get(engine.services, Runner)
  const token = (dispatch: Dispatch, request: Parameters<typeof jobToken>[2] = {}) =>
    jobToken(engine.github, runIdOf(dispatch), request)
  const claim = (dispatch: Dispatch) =>
    Effect.flatMap(token(dispatch), (token) => runner.claim(token, dispatch.id))
  const report = (dispatch: Dispatch, changes: Partial<Report> = {}) =>
    Effect.flatMap(token(dispatch), (token) =>
      runner.report(token, {
        dispatchId: dispatch.id,
        phase: dispatch.phase,
        outcome: "delivered",
        ...changes
      })
    )
  const claimed = Effect.gen(function* () {
    const dispatch = yield* engine.dispatched(engine.issue())
    yield* claim(dispatch)
    return dispatch
  })
  return { ...engine, runner, token, claim, report, claimed }
})

const quickComments = {
  interval: Duration.millis(50),
  retryBase: Duration.millis(50),
  retryMax: Duration.millis(100),
  giveUpAfter: Duration.hours(24)
}

const refusal = <A, E extends { readonly _tag: string; readonly message: string }, R>(
  call: Effect.Effect<A, E, R>
) =>
  Effect.map(Effect.result(call), (result) =>
    Result.isSuccess(result) ? assert.fail("It was let through.") : result.failure
  )

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

const failure = { reason: "tests", message: "Two tests fail", lines: ["FAIL one", "FAIL ```two"] }

describe("a report", () => {
  it.live("of a delivery ends the dispatch once its pull request is seen, before the run ends", () =>
    Effect.gen(function* () {
      const { claimed, github, labels, report, settled, token, runner } = yield* begin()
      const dispatch = yield* claimed
      const { number } = yield* Effect.orDie(
        github.openPullRequest({ ...repository, branch: "an-own-name", title: "Logo" })
      )
      const pullRequest = { number, url: "https://evil.test", draft: false }
      const facts = { pullRequest, costUsd: 1.25, tokens: 12_345, turns: 7 }
      yield* report(dispatch, facts)
      const end = yield* settled(dispatch.issueIdentifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["succeeded", "pull_request"])
      assert.deepInclude(end.pullRequest, { number, state: "open" })
      assert.notInclude(end.pullRequest?.url, "evil")
      assert.deepStrictEqual([end.costUsd, end.tokens], [1.25, 12_345])
      assert.include(labels(dispatch.issueIdentifier), "Ready for Review")
      assert.deepStrictEqual(
        github.runs().map(({ status }) => status),
        ["queued"]
      )
      yield* report(dispatch, facts)
      const late = yield* refusal(report(dispatch, { outcome: "no_change" }))
      assert.strictEqual(late._tag, "DispatchConflict")
      yield* refusal(runner.progress(yield* token(dispatch), { dispatchId: dispatch.id, step: "more" }))
    })
  )

  it.live("of a delivery is ignored without a pull request", () =>
    Effect.gen(function* () {
      const { claimed, github, labels, report, settled } = yield* begin()
      const elsewhere = yield* Effect.orDie(
        github.openPullRequest({ ...repository, branch: "of-someone-else", title: "Not ours" })
      )
      const dispatch = yield* claimed
      yield* report(dispatch, { pullRequest: { number: 999, url: "https://github.test/999", draft: false } })
      const end = yield* settled(dispatch.issueIdentifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["failed", "no_pull_request"])
      assert.notInclude(labels(dispatch.issueIdentifier), "Ready for Review")
      assert.strictEqual(elsewhere.state, "open")
    })
  )

  it.live("of failed checks is a failure that links the draft", () =>
    Effect.gen(function* () {
      const { claimed, comments, github, report, settled } = yield* begin()
      const dispatch = yield* claimed
      const pull = yield* Effect.orDie(
        github.openPullRequest({ ...repository, branch: dispatch.branch, title: "Logo", draft: true })
      )
      yield* report(dispatch, { outcome: "verification_failed", failure })
      const end = yield* settled(dispatch.issueIdentifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["failed", "verification_failed"])
      assert.strictEqual(end.pullRequest?.number, pull.number)
      const [comment = ""] = comments(dispatch.issueIdentifier)
      assert.include(comment, "Two tests fail")
      assert.include(comment, `/pull/${pull.number}`)
    })
  )

  it.live("of a failure comments the reason and the last log lines on the issue", () =>
    Effect.gen(function* () {
      const { claimed, comments, report, settled, sql } = yield* begin()
      const dispatch = yield* claimed
      yield* report(dispatch, { outcome: "failed", failure })
      const end = yield* settled(dispatch.issueIdentifier)
      assert.deepStrictEqual([end.outcome?.reason, end.outcome?.facts], ["run_failed", { failure: "tests" }])
      const [comment = ""] = comments(dispatch.issueIdentifier)
      assert.include(comment, "the agent failed: Two tests fail.")
      assert.include(comment, "FAIL ```two")
      const stored = yield* sql`select text from dispatch_logs where dispatch_id = ${dispatch.id} order by id`
      assert.deepStrictEqual(
        stored.map((line) => line["text"]),
        failure.lines
      )
    })
  )

  it.live("of no change parks the issue with the agent's message", () =>
    Effect.gen(function* () {
      const { claimed, comments, report, settled, waitsFor } = yield* begin()
      const dispatch = yield* claimed
      yield* report(dispatch, { outcome: "no_change", gaps: "The logo is there." })
      const end = yield* settled(dispatch.issueIdentifier)
      assert.strictEqual(end.outcome?.reason, "no_change")
      assert.isTrue(comments(dispatch.issueIdentifier).some((body) => body.includes("The logo is there.")))
      yield* waitsFor(dispatch.issueIdentifier, "parked")
    })
  )

  it.live("is refused from another run, before a claim and for the other phase", () =>
    Effect.gen(function* () {
      const { claim, dispatched, issue, report, settled, runner, token } = yield* begin()
      const dispatch = yield* dispatched(issue())
      assert.match((yield* refusal(report(dispatch))).message, /not claimed\. POST \/runner\/claim first/)
      yield* claim(dispatch)
      const foreign = yield* token(dispatch, { claims: { run_id: "99" } })
      const sent = { dispatchId: dispatch.id, phase: "implementation", outcome: "failed" } as const
      assert.match((yield* refusal(runner.report(foreign, sent))).message, /Another run has claimed/)
      assert.match((yield* refusal(report(dispatch, { phase: "planning" }))).message, /of planning/)
      yield* report(dispatch, { outcome: "failed" })
      yield* settled(dispatch.issueIdentifier)
    })
  )

  it.live("that does not come from the claimant's job is refused, logged and without effect", () =>
    Effect.gen(function* () {
      const { claim, claimed, dispatches, events, report, runner, settled, sql, token } = yield* begin()
      const dispatch = yield* claimed
      const now = yield* Effect.map(Clock.currentTimeMillis, (millis) => Math.floor(millis / 1000))
      const wrong = (claims: Readonly<Record<string, unknown>>) => token(dispatch, { claims })
      const used = yield* token(dispatch)
      yield* runner.progress(used, { dispatchId: dispatch.id, step: "agent" })
      const cases: ReadonlyArray<readonly [string, string, RegExp]> = [
        ["repository id", yield* wrong({ repository_id: "1" }), /the repository ids differ/],
        ["run id", yield* wrong({ run_id: "99" }), /Another run has claimed/],
        [
          "audience",
          yield* token(dispatch, { audience: "https://other.test" }),
          /not meant for this service/
        ],
        [
          "workflow",
          yield* wrong({ workflow_ref: "acme/app/.github/workflows/ci.yml@refs/heads/main" }),
          /another workflow/
        ],
        [
          "job's workflow",
          yield* wrong({ job_workflow_ref: "acme/app/.github/workflows/ci.yml@refs/heads/main" }),
          /only that workflow may call/
        ],
        ["event", yield* wrong({ event_name: "push" }), /event is not workflow_dispatch/],
        ["signature", yield* token(dispatch, { forged: true }), /not signed with a key of/],
        ["time", yield* wrong({ exp: now - 120 }), /has expired/],
        ["second use", used, /was used before/]
      ]
      const before = yield* events(dispatch.id)
      for (const [what, bearer, why] of cases) {
        const lines: Array<string> = []
        const sent = { dispatchId: dispatch.id, phase: "implementation", outcome: "no_change" } as const
        const refused = yield* refusal(runner.report(bearer, sent)).pipe(
          Effect.provide(Logger.layer([Logger.map(Logger.formatJson, (line) => void lines.push(line))]))
        )
        assert.match(refused.message, why, what)
        assert.match(lines.join("\n"), /Refused the report of a run/, what)
        assert.include(lines.join("\n"), dispatch.id, what)
        assert.notInclude(lines.join("\n"), bearer, what)
      }
      assert.deepStrictEqual(yield* events(dispatch.id), before)
      const [row] = yield* sql`select report, outcome from dispatches where id = ${dispatch.id}`
      assert.deepStrictEqual(row, { report: null, outcome: null })
      yield* report(dispatch, { outcome: "failed", costUsd: 1 })
      yield* settled(dispatch.issueIdentifier)
      const late = yield* refusal(report(dispatch, { outcome: "delivered", costUsd: 9 }))
      assert.match(late.message, /Another report came first and stands/)
      const end = yield* Effect.orDie(dispatches.get(dispatch.id))
      assert.deepStrictEqual([end.status, end.costUsd], ["failed", 1])
      yield* refusal(claim(dispatch))
    })
  )

  it.live("says what the agent used, and the dispatch shows it", () =>
    Effect.gen(function* () {
      const { claimed, report, settled } = yield* begin()
      const dispatch = yield* claimed
      const used = {
        costUsd: 0.42,
        tokens: 12_345,
        turns: 7,
        model: "claude-opus-4-7",
        sessionId: "5f0c3f7e-6f0c-4d52-9a55-0f6f4f1c2a11",
        permissionDenials: ["Bash: npm publish"]
      }
      yield* report(dispatch, { outcome: "failed", ...used })
      assert.deepInclude(yield* settled(dispatch.issueIdentifier), used)
    })
  )

  it.live("that comes late appears once in the timeline", () =>
    Effect.gen(function* () {
      const { claimed, deliver, events, report, settled } = yield* begin()
      const dispatch = yield* claimed
      yield* deliver(dispatch)
      yield* settled(dispatch.issueIdentifier)
      for (const _ of [1, 2]) {
        assert.strictEqual((yield* refusal(report(dispatch, { outcome: "failed" })))._tag, "DispatchConflict")
      }
      const late = (yield* events(dispatch.id)).filter((type) => type === "late_report_refused")
      assert.lengthOf(late, 1)
    })
  )
})

describe("progress", () => {
  it.live("records each step once and keeps the last 200 lines", () =>
    Effect.gen(function* () {
      const { claimed, dispatches, runner, sql, token } = yield* begin()
      const dispatch = yield* claimed
      const sendProgress = (progress: { readonly step?: string; readonly lines?: ReadonlyArray<string> }) =>
        Effect.flatMap(token(dispatch), (token) =>
          runner.progress(token, { dispatchId: dispatch.id, ...progress })
        )
      for (const step of ["clone", "agent", "agent", "verify", "agent"]) yield* sendProgress({ step })
      const steps = (yield* Effect.orDie(dispatches.events(dispatch.id))).filter(
        ({ type }) => type === "step"
      )
      assert.deepStrictEqual(
        steps.map(({ message }) => message),
        ["clone", "agent", "verify", "agent"]
      )
      const numbered = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => `line ${from + index}`)
      yield* sendProgress({ lines: numbered(0, 150) })
      yield* sendProgress({ lines: numbered(150, 120) })
      const stored = yield* sql`select text from dispatch_logs where dispatch_id = ${dispatch.id} order by id`
      assert.deepStrictEqual(
        stored.map((line) => line["text"]),
        numbered(70, 200)
      )
    })
  )

  it.live("is limited for its own dispatch, and the report is taken when the time is over", () =>
    Effect.gen(function* () {
      const { claimed, report, runner, sql, token } = yield* begin()
      const [flooding, other] = [yield* claimed, yield* claimed]
      const large = (dispatch: Dispatch) =>
        Effect.flatMap(token(dispatch), (token) =>
          runner.progress(token, {
            dispatchId: dispatch.id,
            lines: Array.from({ length: 200 }, () => "x".repeat(1000))
          })
        )
      const answers = yield* Effect.forEach(
        Array.from({ length: 12 }),
        () => Effect.result(large(flooding)),
        {
          concurrency: 4
        }
      )
      const refused = answers.filter(Result.isFailure).map(({ failure }) => failure._tag)
      assert.isAtLeast(refused.length, 8)
      assert.deepStrictEqual([...new Set(refused)], ["TooManyCalls"])
      yield* large(other)
      yield* report(flooding, { outcome: "failed" }).pipe(
        Effect.retry({
          schedule: Schedule.spaced("100 millis"),
          while: ({ _tag }) => _tag === "TooManyCalls"
        })
      )
      assert.deepStrictEqual(
        yield* sql`select outcome->>'kind' as kind from dispatches where id = ${flooding.id}`,
        [{ kind: "failed" }]
      )
    })
  )

  it.live("that waits for answers is limited to five at once, and each that ends makes room", () =>
    Effect.gen(function* () {
      const { claimed, runner, token } = yield* begin({
        mapping: { ...repository, sessionMode: "hybrid" }
      })
      const dispatch = yield* claimed
      const { id } = yield* Effect.flatMap(token(dispatch), (token) =>
        runner.ask(token, { dispatchId: dispatch.id, text: "Which logo?" })
      )
      const [last, ...own] = yield* Effect.forEach(Array.from({ length: 7 }), () => token(dispatch))
      const cut = yield* Deferred.make<void>()
      const refused = yield* Deferred.make<string>()
      const poll = (token: string | null = null, seconds = 60) =>
        runner.question(token, id, seconds, Deferred.await(cut))
      const held = yield* Effect.forEach(own, (token) =>
        poll(token).pipe(
          Effect.tapError(({ message }) => Deferred.succeed(refused, message)),
          Effect.result,
          Effect.forkChild
        )
      )
      assert.include(yield* Deferred.await(refused), "5 questions at the same time")
      yield* Deferred.succeed(cut, undefined)
      const results = yield* Effect.forEach(held, Fiber.join)
      assert.lengthOf(results.filter(Result.isSuccess), 5)
      assert.strictEqual((yield* poll(last, 0)).state, "open")
    })
  )

  it.live("records a limited number of steps", () =>
    Effect.gen(function* () {
      const { claimed, events, services } = yield* begin()
      const dispatch = yield* claimed
      const timeline = Context.get(services, TimelineRepo)
      for (let nth = 0; nth < 105; nth++) yield* timeline.addStep(dispatch.id, `step ${nth}`)
      assert.lengthOf(
        (yield* events(dispatch.id)).filter((type) => type === "step"),
        100
      )
    })
  )
})
