import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import { repository } from "../../support/engine.ts"
import { begin, refusal } from "../../support/runnerCalls.ts"

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
