import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { operator, start } from "../../support/engine.ts"
import { eventually } from "../../support/eventually.ts"
import { StoredDispatchId, TeamKey } from "../../../src/domain/Ids.ts"

const dispatchCall = "actions/create-workflow-dispatch"

describe("an operator's cancel", () => {
  it.live("of a reserved dispatch ends it at once, and nothing is sent", () =>
    Effect.gen(function* () {
      const { dispatches, events, github, issue, pass, settled, until, waitsFor } = yield* start({
        timeoutMillis: 400,
        policy: { readiness: { perPass: 0 } }
      })
      github.control.failNext({ match: "access_tokens", times: Infinity, action: { _tag: "hang" } })
      const identifier = issue()
      yield* pass
      const reserved = yield* until(identifier, ({ status }) => status === "reserved")
      const ended = yield* dispatches.cancel(reserved.id, operator)
      assert.deepStrictEqual([ended.status, ended.outcome?.facts["by"]], ["cancelled", "Olga"])
      github.control.clearFaults()
      yield* settled(identifier)
      assert.lengthOf(github.runs(), 0)
      assert.notInclude(yield* events(reserved.id), "launching")
      yield* waitsFor(identifier, "held")
    })
  )

  it.live("while the launch is on its way waits until it is proved absent, then nothing is sent again", () =>
    Effect.gen(function* () {
      const { dispatches, events, github, issue, pass, settled, until } = yield* start({ launchMillis: 3000 })
      github.control.failNext({ match: dispatchCall, action: { _tag: "hang" } })
      const identifier = issue()
      yield* pass
      const launching = yield* until(identifier, ({ status }) => status === "launching")
      const asked = yield* dispatches.cancel(launching.id, operator)
      assert.strictEqual(asked.outcome, null)
      assert.isNotNull(asked.stopRequestedAt)
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["cancelled", "operator"])
      assert.lengthOf(github.runs(), 0)
      assert.lengthOf(
        (yield* events(end.id)).filter((type) => type === "launching"),
        1
      )
    })
  )

  it.live("while it is uncertain whether the run exists stops the run once it is found", () =>
    Effect.gen(function* () {
      const { dispatches, github, issue, pass, runsOf, settled, until } = yield* start({
        policy: { launch: { absenceAfterLease: Duration.minutes(1) } }
      })
      github.setConsistencyDelay(Infinity)
      github.setCancelDelay(20)
      github.control.failNext({ match: dispatchCall, action: { _tag: "resetAfter" } })
      const identifier = issue()
      yield* pass
      const uncertain = yield* until(identifier, ({ status }) => status === "uncertain")
      const asked = yield* dispatches.cancel(uncertain.id, operator)
      assert.strictEqual(asked.status, "uncertain")
      github.setConsistencyDelay(0)
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["cancelled", "operator"])
      assert.deepStrictEqual(
        runsOf(end).map(({ conclusion }) => conclusion),
        ["cancelled"]
      )
    })
  )

  it.live("of a running dispatch stops the run, holds the issue and comments on it", () =>
    Effect.gen(function* () {
      const { comments, dispatched, dispatches, github, issue, labels, runsOf, settled, waitsFor } =
        yield* start({
          policy: { stop: { forceAfter: Duration.minutes(1), notConfirmedAfter: Duration.minutes(2) } }
        })
      github.setCancelDelay(20)
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const asked = yield* dispatches.cancel(dispatch.id, operator)
      assert.strictEqual(asked.status, "stopping")
      const again = yield* dispatches.cancel(dispatch.id, { ...operator, name: "Piet" })
      assert.deepStrictEqual(again.stopRequestedAt, asked.stopRequestedAt)
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.facts["by"]], ["cancelled", "Olga"])
      assert.strictEqual(runsOf(dispatch)[0]?.conclusion, "cancelled")
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      assert.include(comments(identifier)[0], "Olga stopped the run")
      assert.deepInclude(yield* waitsFor(identifier, "held"), { by: "Olga" })
    })
  )

  it.live("of an ended or unknown dispatch is refused", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, dispatches, issue, settled } = yield* start()
      const identifier = issue()
      yield* deliver(yield* dispatched(identifier))
      const { id } = yield* settled(identifier)
      assert.strictEqual((yield* Effect.flip(dispatches.cancel(id, operator)))._tag, "DispatchConflict")
      const unknown = "0198c0de-0000-7000-8000-000000000000"
      assert.strictEqual(
        (yield* Effect.flip(dispatches.cancel(StoredDispatchId.make(unknown), operator)))._tag,
        "DispatchNotFound"
      )
    })
  )
})

describe("the dispatch log", () => {
  it.live("is newest first, and can be narrowed by team, status, issue and age", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, dispatches, issue, map, running, settled } = yield* start()
      yield* map({ teamKey: TeamKey.make("WEB") })
      const first = issue()
      const done = yield* dispatched(first)
      yield* deliver(done)
      yield* settled(first)
      const web = issue({ team: "WEB" })
      const live = yield* dispatched(web)
      const ids = (filter: Partial<Parameters<typeof dispatches.log>[0]>) =>
        Effect.map(dispatches.log({ limit: 10, ...filter }), (rows) => rows.map(({ id }) => id))
      assert.deepStrictEqual(yield* ids({}), [live.id, done.id])
      assert.deepStrictEqual(yield* ids({ limit: 1 }), [live.id])
      assert.deepStrictEqual(yield* ids({ before: live.id }), [done.id])
      assert.deepStrictEqual(yield* ids({ team: "WEB" }), [live.id])
      assert.deepStrictEqual(yield* ids({ status: "succeeded" }), [done.id])
      assert.deepStrictEqual(yield* ids({ issue: first.toLowerCase() }), [done.id])
      assert.deepStrictEqual(yield* ids({ issue: live.issueId }), [live.id])
      yield* running(web)
    })
  )

  it.live("shows a pending notification, and that it was sent", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, dispatches, issue, linear, settled } = yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      linear.failNext({ match: "comment", times: Infinity, action: { _tag: "status", status: 503 } })
      yield* deliver(dispatch)
      const [pending] = yield* eventually(
        "the comment has failed once",
        Effect.map(Effect.orDie(dispatches.get(dispatch.id)), ({ pending }) => pending),
        ([first]) => first?.effect === "comment" && first.attempts > 0
      )
      assert.include(pending?.lastError, "Linear failed (503)")
      linear.clearFaults()
      assert.deepStrictEqual((yield* settled(identifier)).pending, [])
    })
  )
})
