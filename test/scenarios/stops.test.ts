import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { operator, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { hold } from "../support/hold.ts"
import { TeamKey } from "../../src/domain/Ids.ts"

const patient = { stop: { forceAfter: Duration.minutes(1), notConfirmedAfter: Duration.minutes(2) } }

/** What fails once is tried again after the test: a fault of the announcement must not reach the settlement. */
const slow = { retry: { retryBase: Duration.minutes(1), retryMax: Duration.minutes(1) } }

/** A page of Linear without any of the tracked issues. */
const nothingSeen = {
  data: {
    issues: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } },
    tracked: { nodes: [] }
  }
}

describe("a stop", () => {
  it.live("at the deadline is sent to GitHub, and the dispatch has timed out", () =>
    Effect.gen(function* () {
      const { comments, events, github, issue, pass, runsOf, settled, sql, until, waitsFor } = yield* start({
        policy: { ...patient, readiness: { perPass: 0 } },
        timeoutMillis: 20_000
      })
      github.setCancelDelay(20)
      const held = hold(github.control, "access_tokens")
      const identifier = issue()
      yield* pass
      yield* held
      yield* until(identifier, ({ status }) => status === "reserved")
      yield* sql`update dispatches set deadline_minutes = 0`
      github.control.letGo()
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["timed_out", "deadline"])
      assert.deepStrictEqual(
        runsOf(end).map(({ cancelRequested, conclusion }) => [cancelRequested, conclusion]),
        [[true, "cancelled"]]
      )
      assert.include(comments(identifier)[0], "ran out of time")
      assert.includeMembers(yield* events(end.id), ["stop_requested", "stop_sent", "timed_out"])
      yield* waitsFor(identifier, "dedup")
    })
  )

  it.live("that GitHub ignores becomes a forced stop", () =>
    Effect.gen(function* () {
      const { dispatched, dispatches, events, github, issue, settled } = yield* start({
        policy: { stop: { notConfirmedAfter: patient.stop.notConfirmedAfter } }
      })
      github.setCancelDelay(Infinity)
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const asked = yield* dispatches.cancel(dispatch.id, operator)
      assert.strictEqual(asked.status, "stopping")
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["cancelled", "operator"])
      assert.isUndefined(end.outcome?.facts["confirmed"])
      assert.includeMembers(yield* events(end.id), ["stop_sent", "force_stop_sent", "cancelled"])
    })
  )

  for (const why of ["operator", "deadline"] as const) {
    it.live(`does not wait for an issue that takes no announcement of its run (${why})`, () =>
      Effect.gen(function* () {
        const { dispatched, dispatches, events, github, issue, linear, settled, sql, until } = yield* start({
          policy: why === "operator" ? { ...patient, ...slow } : patient
        })
        github.setCancelDelay(20)
        linear.failNext({
          match: "query Change",
          times: why === "operator" ? 1 : Infinity,
          action: { _tag: "status", status: 404, body: "" }
        })
        const identifier = issue()
        const { id } = yield* dispatched(identifier)
        yield* eventually(
          "telling it has failed",
          Effect.sync(() => linear.calls().filter(({ operation }) => operation?.startsWith("query Change"))),
          ({ length }) => length > 0
        )
        if (why === "operator") yield* dispatches.cancel(id, operator)
        else yield* sql`update dispatches set deadline_at = now()`
        const end = yield* until(identifier, ({ outcome }) => outcome !== null)
        assert.strictEqual(end.outcome?.reason, why)
        assert.notInclude(yield* events(id), "announced")
        assert.strictEqual(github.findRuns(id)[0]?.conclusion, "cancelled")
        linear.clearFaults()
        yield* settled(identifier)
      })
    )
  }

  it.live("that is never confirmed ends the dispatch, and the outcome says so", () =>
    Effect.gen(function* () {
      const { comments, dispatched, dispatches, github, issue, runsOf, settled } = yield* start()
      github.setCancelDelay(Infinity)
      github.control.failNext({
        match: "force-cancel",
        times: Infinity,
        action: { _tag: "status", status: 202, body: {} }
      })
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* dispatches.cancel(dispatch.id, operator)
      const end = yield* settled(identifier)
      assert.strictEqual(end.status, "cancelled")
      assert.strictEqual(end.outcome?.facts["confirmed"], false)
      assert.include(comments(identifier)[0], "did not confirm the stop")
      assert.strictEqual(runsOf(dispatch)[0]?.status, "queued")
    })
  )

  it.live("that comes after the run has succeeded changes nothing, because the run succeeded", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, dispatches, github, issue, labels, settled } = yield* start({
        policy: patient
      })
      github.setCancelDelay(Infinity)
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* dispatches.cancel(dispatch.id, operator)
      yield* deliver(dispatch)
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.kind], ["succeeded", "delivered"])
      assert.include(labels(identifier), "Ready for Review")
    })
  )

  for (const [name, close] of [
    ["canceled", "setState"],
    ["deleted", "deleteIssue"],
    ["trashed", "trashIssue"]
  ] as const) {
    it.live(`follows when the issue is ${name} while its run is live`, () =>
      Effect.gen(function* () {
        const { comments, dispatched, github, issue, labels, linear, pass, runsOf, settled } = yield* start({
          policy: patient
        })
        github.setCancelDelay(20)
        const identifier = issue()
        const dispatch = yield* dispatched(identifier)
        yield* eventually(
          "the run label is on",
          Effect.sync(() => labels(identifier)),
          (worn) => worn.includes("AI-Working")
        )
        linear[close](identifier, "Canceled")
        yield* pass
        yield* pass
        const end = yield* settled(identifier)
        assert.deepStrictEqual(
          [end.status, end.outcome?.reason],
          ["cancelled", name === "canceled" ? "issue_canceled" : "issue_deleted"]
        )
        assert.strictEqual(runsOf(dispatch)[0]?.conclusion, "cancelled")
        assert.lengthOf(comments(identifier), 0)
        if (name === "canceled") assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      })
    )
  }

  it.live("is not requested before an issue was missing for 5 min and its look-up says it is gone", () =>
    Effect.gen(function* () {
      const { dispatched, github, issue, linear, pass, settled, sql, until } = yield* start({
        policy: { minAbsence: Duration.minutes(5) }
      })
      github.setCancelDelay(20)
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const untouched = Effect.gen(function* () {
        const { id, stopRequestedAt } = yield* until(identifier, () => true)
        assert.deepStrictEqual([id, stopRequestedAt], [dispatch.id, null])
      })
      const unseen = {
        match: "query Page",
        action: { _tag: "status", status: 200, body: nothingSeen }
      } as const
      linear.failNext({ ...unseen, times: 2 })
      yield* pass
      yield* sql`update issues set missing_since = now() - interval '6 minutes'`
      yield* pass
      yield* untouched
      linear.deleteIssue(identifier)
      yield* sql`update issues set missing = 0, missing_since = null`
      yield* pass
      yield* pass
      yield* untouched
      yield* sql`update issues set missing_since = now() - interval '6 minutes'`
      yield* pass
      assert.strictEqual((yield* settled(identifier)).outcome?.reason, "issue_deleted")
    })
  )

  it.live("is not requested when the issue is missing only once", () =>
    Effect.gen(function* () {
      const { attempts, deliver, dispatched, issue, linear, pass, settled, sql } = yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      linear.failNext({
        match: "query Page",
        action: {
          _tag: "status",
          status: 200,
          body: nothingSeen
        }
      })
      yield* pass
      assert.lengthOf(yield* sql`select 1 from issues where missing = 1`, 1)
      yield* pass
      const [live] = yield* attempts(identifier)
      assert.strictEqual(live?.stopRequestedAt, null)
      yield* deliver(dispatch)
      assert.strictEqual((yield* settled(identifier)).status, "succeeded")
    })
  )

  it.live(
    "does not follow when the issue is completed, moved, unlabelled or blocked while its run is live",
    () =>
      Effect.gen(function* () {
        const { announced, deliver, dispatched, issue, linear, map, pass, running, settled } = yield* start({
          mapping: { maxInProgressAiIssues: 4 }
        })
        yield* map({ teamKey: TeamKey.make("WEB") })
        const [done, moved, bare, blocked] = ["a", "b", "c", "d"].map((title) => issue({ title }))
        yield* dispatched(String(done))
        const live = yield* Effect.forEach([done, moved, bare, blocked], (identifier) =>
          running(String(identifier))
        )
        yield* Effect.forEach(live, announced, { discard: true })
        linear.setState(String(done), "Done")
        linear.moveIssue(String(moved), "WEB")
        linear.setLabels(String(bare), ["AI-Working"])
        linear.block(String(blocked), issue({ labels: [] }))
        yield* pass
        yield* pass
        for (const dispatch of live) {
          yield* deliver(dispatch)
          const end = yield* settled(dispatch.issueIdentifier)
          assert.deepStrictEqual([end.status, end.teamKey], ["succeeded", "ENG"])
        }
      })
  )

  it.live("does not wait for a launch that the rate limit delays for an hour", () =>
    Effect.gen(function* () {
      const { dispatches, events, github, issue, labels, pass, settled, sql, until } = yield* start()
      github.control.failNext({
        match: "actions/create-workflow-dispatch",
        action: {
          _tag: "status",
          status: 429,
          headers: { "retry-after": "3600" },
          body: { message: "Later" }
        }
      })
      const identifier = issue()
      yield* pass
      const { id } = yield* until(identifier, ({ status }) => status === "reserved")
      yield* eventually("the launch is put off", events(id), (types) => types.includes("not_sent"))
      yield* dispatches.cancel(id, operator)
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["cancelled", "operator"])
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      assert.isEmpty(yield* sql`select 1 from dedup`)
      assert.isEmpty(github.runs())
    })
  )

  it.live("ends a reserved dispatch whose issue loses the pickup label, with nothing sent", () =>
    Effect.gen(function* () {
      const { attempts, comments, github, issue, linear, pass, settled, sql, until } = yield* start({
        timeoutMillis: 400,
        policy: { readiness: { perPass: 0 } }
      })
      github.control.failNext({ match: "access_tokens", times: Infinity, action: { _tag: "hang" } })
      const identifier = issue()
      yield* pass
      yield* until(identifier, ({ status }) => status === "reserved")
      linear.setLabels(identifier, [])
      yield* pass
      const [end] = yield* attempts(identifier)
      assert.deepStrictEqual([end?.status, end?.outcome?.reason], ["cancelled", "pickup_label_removed"])
      github.control.clearFaults()
      yield* settled(identifier)
      assert.lengthOf(yield* sql`select 1 from dedup`, 0)
      assert.lengthOf(comments(identifier), 0)
      assert.lengthOf(github.runs(), 0)
    })
  )
})
