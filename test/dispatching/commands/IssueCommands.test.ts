import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { operator, start } from "../../support/engine.ts"
import { hold } from "../../support/hold.ts"
import { lockMappings } from "../../support/lock.ts"
import { StoredDispatchId } from "../../../src/domain/Ids.ts"

describe("dispatch now", () => {
  it.live("ignores dedup, blockers, a paused mapping and a missing pickup label", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, finish, issue, linear, map, running, settled, waitsFor } =
        yield* start()
      const identifier = issue()
      yield* finish(yield* dispatched(identifier), "failure")
      yield* settled(identifier)
      yield* waitsFor(identifier, "dedup")
      linear.block(identifier, issue({ labels: [] }))
      linear.setLabels(identifier, [])
      yield* map({ paused: true })
      const dispatch = yield* candidates.dispatch({ issue: identifier.toLowerCase(), by: operator })
      assert.deepStrictEqual(
        [dispatch.attempt, dispatch.trigger, dispatch.requestedBy],
        [2, "manual", "Olga"]
      )
      yield* running(identifier)
    })
  )

  it.live("of an issue without the pickup label is not ended by the next pass while it is reserved", () =>
    Effect.gen(function* () {
      const { attempts, candidates, github, issue, pass, running } = yield* start({
        policy: { readiness: { perPass: 0 } },
        timeoutMillis: 20_000
      })
      const held = hold(github.control, "access_tokens")
      const identifier = issue({ labels: [] })
      const dispatch = yield* candidates.dispatch({ issue: identifier, by: operator })
      yield* held
      yield* pass
      assert.strictEqual((yield* attempts(identifier))[0]?.status, "reserved")
      github.control.letGo()
      assert.strictEqual((yield* running(identifier)).id, dispatch.id)
    })
  )

  it.live("is refused with the reason, and changes nothing", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, finish, issue, map, settled, waitsFor } = yield* start({
        mapping: { maxInProgressAiIssues: 1 }
      })
      const identifier = issue()
      yield* finish(yield* dispatched(identifier), "failure")
      yield* settled(identifier)
      const other = issue({ title: "Another" })
      yield* dispatched(other)
      const refused = yield* Effect.flip(candidates.dispatch({ issue: identifier, by: operator }))
      assert.deepInclude(refused, { _tag: "NotAdmitted", cleared: [] })
      assert.deepStrictEqual(refused._tag === "NotAdmitted" && refused.reason, {
        _tag: "team_at_capacity",
        used: 1,
        cap: 1
      })
      yield* waitsFor(identifier, "dedup")
      yield* map({ maxInProgressAiIssues: 2 })
      const admitted = yield* candidates.dispatch({ issue: identifier, by: operator })
      assert.strictEqual(admitted.attempt, 2)
    })
  )

  it.live("is refused while the issue has a dispatch, has a stray label or is unknown", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, issue } = yield* start()
      const tagOf = (identifier: string) =>
        Effect.map(Effect.flip(candidates.dispatch({ issue: identifier, by: operator })), (refused) =>
          refused._tag === "NotAdmitted" ? refused.reason._tag : refused._tag
        )
      const live = issue()
      yield* dispatched(live)
      assert.strictEqual(yield* tagOf(live), "running")
      assert.strictEqual(yield* tagOf(issue({ labels: ["AI-Planning"] })), "labelled_elsewhere")
      assert.strictEqual(yield* tagOf(issue({ team: "WEB" })), "no_mapping")
      assert.strictEqual(yield* tagOf("ENG-999"), "IssueNotFound")
    })
  )

  it.live("makes one dispatch when it is requested many times at once", () =>
    Effect.gen(function* () {
      const { attempts, candidates, github, issue, running } = yield* start()
      const identifier = issue()
      const answers = yield* Effect.forEach(
        Array.from({ length: 8 }),
        () => Effect.exit(candidates.dispatch({ issue: identifier, by: operator })),
        { concurrency: "unbounded" }
      )
      assert.lengthOf(
        answers.filter(({ _tag }) => _tag === "Success"),
        1
      )
      yield* running(identifier)
      assert.lengthOf(yield* attempts(identifier), 1)
      assert.lengthOf(github.runs(), 1)
    })
  )
})

describe("a retry", () => {
  it.live("repeats a settled dispatch that is its issue's latest", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, finish, issue, running, settled } = yield* start()
      const identifier = issue()
      const first = yield* dispatched(identifier)
      const early = yield* Effect.flip(candidates.retry(first.id, operator))
      assert.strictEqual(early._tag, "DispatchConflict")
      yield* finish(first, "failure")
      yield* settled(identifier)
      const second = yield* candidates.retry(first.id, operator)
      assert.deepStrictEqual([second.attempt, second.trigger, second.phase], [2, "retry", first.phase])
      yield* finish(yield* running(identifier), "failure")
      yield* settled(identifier)
      const late = yield* Effect.flip(candidates.retry(first.id, operator))
      assert.include(late.message, "a later dispatch of the issue exists")
      assert.strictEqual((yield* candidates.retry(second.id, operator)).attempt, 3)
    })
  )

  it.live("keeps the dedup entry until it holds the lock of the team's slots", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, finish, issue, settled, sql } = yield* start()
      const identifier = issue()
      const first = yield* dispatched(identifier)
      yield* finish(first, "failure")
      yield* settled(identifier)
      const { release, waiting } = yield* lockMappings(sql)
      const retry = yield* Effect.forkChild(candidates.retry(first.id, operator))
      yield* waiting(1)
      const held = yield* sql`select 1 from dedup`
      yield* release
      assert.strictEqual((yield* Fiber.join(retry)).attempt, 2)
      assert.lengthOf(held, 1)
    })
  )

  it.live("is refused while a pull request of the issue is open, and then takes a new branch", () =>
    Effect.gen(function* () {
      const { candidates, deliver, dispatched, github, issue, settled, sql } = yield* start()
      const identifier = issue()
      const first = yield* dispatched(identifier)
      const { number } = yield* deliver(first, { draft: true })
      yield* settled(identifier)
      const refused = yield* Effect.flip(candidates.retry(first.id, operator))
      assert.strictEqual(refused._tag === "NotAdmitted" && refused.reason._tag, "open_pull_request")
      yield* github.closePullRequest({ owner: "acme", repo: "app", number })
      yield* sql`update pull_requests set state = 'closed'`
      const second = yield* candidates.retry(first.id, operator)
      assert.strictEqual(second.branch, `${first.branch}-2`)
    })
  )

  it.live("of an unknown dispatch is refused", () =>
    Effect.gen(function* () {
      const { candidates } = yield* start()
      const unknown = "0198c0de-0000-7000-8000-000000000000"
      assert.strictEqual(
        (yield* Effect.flip(candidates.retry(StoredDispatchId.make(unknown), operator)))._tag,
        "DispatchNotFound"
      )
    })
  )
})

describe("an operator command", () => {
  it.live("un-parks a parked issue and refuses any other", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, finish, issue, settled, sql, waitsFor } = yield* start()
      const identifier = issue()
      yield* finish(yield* dispatched(identifier), "failure")
      yield* settled(identifier)
      yield* waitsFor(identifier, "dedup")
      assert.strictEqual((yield* Effect.flip(candidates.unpark(identifier, operator)))._tag, "IssueConflict")
      yield* sql`update issue_failures set failures = 3, parked_at = now()`
      yield* waitsFor(identifier, "parked")
      const { cleared, issue: after } = yield* candidates.unpark(identifier, operator)
      assert.sameMembers([...cleared], ["dedup", "parked"])
      assert.strictEqual(after.failures.implementation, 0)
      assert.strictEqual((yield* dispatched(identifier)).attempt, 2)
    })
  )

  it.live("removes a stray run label, and the issue is dispatched", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, issue, labels, waitsFor } = yield* start({
        mapping: { maxInProgressAiIssues: 1 }
      })
      const identifier = issue({ labels: ["AI-Implement", "AI-Working", "Bug"] })
      yield* waitsFor(identifier, "labelled_elsewhere")
      const { cleared, issue: after } = yield* candidates.reset(identifier, operator)
      assert.deepStrictEqual(cleared, ["AI-Working"])
      assert.deepStrictEqual(after.labels, ["AI-Implement"])
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement", "Bug"])
      yield* dispatched(identifier)
    })
  )

  it.live("does not reset an issue whose dispatch is not settled or that no pass has read", () =>
    Effect.gen(function* () {
      const { candidates, dispatched, issue } = yield* start()
      const identifier = issue()
      yield* dispatched(identifier)
      assert.strictEqual((yield* Effect.flip(candidates.reset(identifier, operator)))._tag, "IssueConflict")
      assert.strictEqual((yield* Effect.flip(candidates.reset("ENG-99", operator)))._tag, "IssueNotFound")
      assert.strictEqual((yield* Effect.flip(candidates.unpark("ENG-99", operator)))._tag, "IssueNotFound")
      assert.strictEqual(
        (yield* Effect.flip(candidates.removeFromDedup("ENG-99", operator)))._tag,
        "IssueNotFound"
      )
    })
  )
})
