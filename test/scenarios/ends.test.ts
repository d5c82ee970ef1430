import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { ReasonTag } from "../../src/domain/Reason.ts"
import { type EngineOptions, operator, start } from "../support/engine.ts"

type Engine = Effect.Success<ReturnType<typeof start>>

interface Case extends EngineOptions {
  readonly name: string
  readonly happens: (engine: Engine, dispatch: Dispatch) => Effect.Effect<unknown>
  readonly status: string
  readonly reason: string
  readonly waits: ReasonTag
  readonly expectedText: string
  /** 1 unless given. */
  readonly failures?: number
}

const cases: ReadonlyArray<Case> = [
  {
    name: "a run that fails is a failure and keeps the dedup window",
    happens: ({ finish }, dispatch) => finish(dispatch, "failure"),
    status: "failed",
    reason: "run_failed",
    waits: "dedup",
    expectedText: "the run failed on GitHub"
  },
  {
    name: "a run that a person cancelled on GitHub is cancelled and holds its issue",
    happens: ({ cancelRun }, dispatch) => cancelRun(dispatch, { by: "mia" }),
    status: "cancelled",
    reason: "run_cancelled",
    waits: "held",
    expectedText: "mia on GitHub cancelled the run",
    failures: 0
  },
  {
    name: "a run that the time limit of its job cancelled has timed out",
    happens: ({ cancelRun }, dispatch) => cancelRun(dispatch, "timeout"),
    status: "timed_out",
    reason: "deadline",
    waits: "dedup",
    expectedText: "time limit of its workflow"
  },
  {
    name: "a run that its concurrency group cancelled is lost and tried again soon",
    happens: ({ cancelRun }, dispatch) => cancelRun(dispatch, "concurrency"),
    status: "failed",
    reason: "run_cancelled",
    waits: "backing_off",
    expectedText: "a newer run of its concurrency group"
  },
  {
    name: "a run cancelled on GitHub by an unknown cause is lost and tried again soon",
    happens: ({ finish }, dispatch) => finish(dispatch, "cancelled"),
    status: "failed",
    reason: "run_cancelled",
    waits: "backing_off",
    expectedText: "cancelled on GitHub"
  },
  {
    name: "a run that leaves no pull request failed, after three looks",
    happens: ({ finish }, dispatch) => finish(dispatch, "success"),
    status: "failed",
    reason: "no_pull_request",
    waits: "dedup",
    expectedText: "no pull request"
  },
  {
    name: "a draft is a failure that links the pull request",
    happens: ({ deliver }, dispatch) => deliver(dispatch, { draft: true }),
    status: "failed",
    reason: "verification_failed",
    waits: "open_pull_request",
    expectedText: "as a draft"
  },
  {
    name: "a run that GitHub no longer knows is lost",
    happens: ({ github }) =>
      Effect.sync(() => {
        github.setConsistencyDelay(Infinity)
        github.control.failNext({
          match: "actions/get-workflow-run",
          times: Infinity,
          action: { _tag: "status", status: 404, body: { message: "Not Found" } }
        })
      }),
    status: "failed",
    reason: "run_vanished",
    waits: "backing_off",
    expectedText: "no longer known to GitHub"
  },
  {
    name: "a run that GitHub does not start in time is stopped and lost",
    policy: {
      monitor: { neverStartedAfter: Duration.seconds(1) },
      stop: { forceAfter: Duration.minutes(1), notConfirmedAfter: Duration.minutes(2) }
    },
    happens: ({ github }) => Effect.sync(() => github.setCancelDelay(20)),
    status: "failed",
    reason: "never_started",
    waits: "backing_off",
    expectedText: "did not start the run in time"
  },
  {
    name: "a run that its own workflow cuts off has timed out",
    happens: ({ finish }, dispatch) => finish(dispatch, "timed_out"),
    status: "timed_out",
    reason: "deadline",
    waits: "dedup",
    expectedText: "time limit of its workflow"
  }
]

describe("the end of a dispatch", () => {
  for (const { name, happens, status, reason, waits, expectedText, failures = 1, ...options } of cases) {
    it.live(name, () =>
      Effect.gen(function* () {
        const engine = yield* start(options)
        const { comments, issue, labels, pass, settled, until, waitsFor } = engine
        const identifier = issue()
        yield* pass
        yield* happens(engine, yield* until(identifier, ({ run }) => run !== null))
        const end = yield* settled(identifier)
        assert.deepStrictEqual([end.status, end.outcome?.reason], [status, reason])
        assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
        assert.lengthOf(comments(identifier), 1)
        assert.include(comments(identifier)[0], expectedText)
        yield* waitsFor(identifier, waits)
        const [candidate] = yield* engine.candidates.list({ issue: identifier })
        assert.strictEqual(candidate?.failures.implementation, failures)
        assert.strictEqual(candidate?.dedupExpiresAt === null, waits === "backing_off" || waits === "held")
      })
    )
  }

  it.live("a pull request that a person closed before the run ended is no delivery", () =>
    Effect.gen(function* () {
      const { comments, dispatched, finish, github, issue, labels, settled } = yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const where = { owner: "acme", repo: "app" }
      const { number } = yield* github.openPullRequest({ ...where, branch: dispatch.branch, title: "Done" })
      yield* github.closePullRequest({ ...where, number })
      yield* finish(dispatch, "success")
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["failed", "pull_request_closed"])
      assert.include(comments(identifier)[0], `#${number} of the run was closed without a merge`)
      assert.notInclude(labels(identifier), "Ready for Review")
    })
  )

  it.live("a draft is linked", () =>
    Effect.gen(function* () {
      const { comments, deliver, dispatched, issue, settled } = yield* start()
      const identifier = issue()
      const pull = yield* deliver(yield* dispatched(identifier), { draft: true })
      const end = yield* settled(identifier)
      assert.deepInclude(end.pullRequest, { number: pull.number, draft: true, state: "open" })
      assert.include(comments(identifier)[0], `/pull/${pull.number}`)
    })
  )

  it.live("the pull request is found by its title when the branch is another", () =>
    Effect.gen(function* () {
      const { dispatched, finish, github, issue, settled } = yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const pull = yield* github.openPullRequest({
        owner: "acme",
        repo: "app",
        branch: "something-else",
        title: `${identifier}: done`
      })
      yield* finish(dispatch, "success")
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.pullRequest?.number], ["succeeded", pull.number])
    })
  )

  it.live("three failures in a row park the issue, and one comment says why", () =>
    Effect.gen(function* () {
      const { comments, dispatched, finish, issue, pass, settled, sql, waitsFor } = yield* start()
      const identifier = issue()
      for (const attempt of [1, 2, 3]) {
        const dispatch = yield* dispatched(identifier)
        assert.strictEqual(dispatch.attempt, attempt)
        yield* finish(dispatch, "failure")
        yield* settled(identifier)
        yield* sql`delete from dedup`
      }
      const reason = yield* waitsFor(identifier, "parked")
      assert.deepInclude(reason, { failures: 3 })
      yield* pass
      const parked = comments(identifier).filter((text) => text.includes("leaves this issue alone"))
      assert.lengthOf(parked, 1)
      assert.include(parked[0], "the run failed on GitHub")
      assert.lengthOf(comments(identifier), 4)
    })
  )

  it.live("a success between failures resets the count", () =>
    Effect.gen(function* () {
      const { candidates, deliver, dispatched, finish, github, issue, linear, settled, sql } = yield* start()
      const identifier = issue()
      yield* finish(yield* dispatched(identifier), "failure")
      yield* settled(identifier)
      yield* sql`delete from dedup`
      const { number } = yield* deliver(yield* dispatched(identifier))
      yield* settled(identifier)
      yield* sql`delete from dedup`
      yield* sql`update pull_requests set state = 'closed'`
      yield* github.closePullRequest({ owner: "acme", repo: "app", number })
      linear.setLabels(identifier, ["AI-Implement"])
      yield* dispatched(identifier)
      const [candidate] = yield* candidates.list({ issue: identifier })
      assert.strictEqual(candidate?.failures.implementation, 0)
    })
  )

  it.live("a comment that the issue no longer takes is given up, and the dispatch settles", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, events, issue, linear, settled } = yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      linear.trashIssue(identifier)
      linear.deleteIssue(identifier)
      yield* deliver(dispatch)
      const end = yield* settled(identifier)
      assert.strictEqual(end.status, "succeeded")
      assert.includeMembers(yield* events(end.id), ["labels_given_up", "comment_given_up", "settled"])
    })
  )

  it.live("a dispatch whose end cannot be written does not block the others", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, finish, issue, settled, sql } = yield* start()
      const broken = issue()
      const first = yield* dispatched(broken)
      const other = issue()
      const second = yield* dispatched(other)
      yield* sql`alter table dispatches add constraint broken
        check (outcome is null or issue_identifier <> ${sql.literal(`'${broken}'`)})`
      yield* finish(first, "failure")
      yield* deliver(second)
      assert.strictEqual((yield* settled(other)).status, "succeeded")
      yield* sql`alter table dispatches drop constraint broken`
      assert.strictEqual((yield* settled(broken)).status, "failed")
    })
  )

  it.live("a later report that contradicts the outcome is refused and recorded", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, dispatches, issue, settled } = yield* start()
      const identifier = issue()
      yield* deliver(yield* dispatched(identifier))
      const end = yield* settled(identifier)
      const refused = yield* Effect.flip(dispatches.cancel(end.id, operator))
      assert.strictEqual(refused._tag, "DispatchConflict")
      assert.strictEqual((yield* dispatches.get(end.id)).status, "succeeded")
    })
  )
})
