import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as SqlClient from "effect/sql/SqlClient"
import { insertDispatch } from "../../support/dispatchRow.ts"
import { start } from "../../support/engine.ts"
import { eventually } from "../../support/eventually.ts"
import { hold } from "../../support/hold.ts"

describe("passes", () => {
  it.live(
    "run when requested, whatever the interval, and several requests before one starts make one pass",
    () =>
      Effect.gen(function* () {
        const { linear, pass, passes, sql } = yield* start({ timeoutMillis: 20_000 })
        yield* pass
        const held = hold(linear, "query Page")
        const first = yield* passes.request("a")
        yield* held
        const { lastPass, state } = yield* passes.state
        assert.deepStrictEqual([lastPass?.id, state], [first, "running"])
        const second = yield* passes.request("b")
        assert.notStrictEqual(second, first)
        assert.strictEqual(yield* passes.request("c"), second)
        linear.letGo()
        const done = yield* eventually(
          "the second pass is done",
          sql`select id from passes where finished_at is not null order by started_at desc limit 1`,
          ([row]) => row?.["id"] === second
        )
        assert.lengthOf(done, 1)
        assert.lengthOf(yield* sql`select 1 from passes where started_at is null`, 0)
      })
  )

  for (const [table, what] of [
    ["decisions", "what they decide"],
    ["issues", "what they read"]
  ] as const) {
    it.live(`fail after three that cannot store ${what}, and recover after a good one`, () =>
      Effect.gen(function* () {
        const { issue, pass, passes, sql } = yield* start()
        issue()
        yield* pass
        yield* sql`alter table ${sql(table)} rename to put_away`
        const failing = [yield* passes.failing]
        for (let n = 0; n < 3; n++) {
          assert.include((yield* pass)?.["error"], "failed inside the service")
          failing.push(yield* passes.failing)
        }
        assert.deepStrictEqual(failing, [false, false, false, true])
        assert.strictEqual((yield* passes.state).state, "idle")
        yield* sql`alter table put_away rename to ${sql(table)}`
        yield* pass
        assert.isFalse(yield* passes.failing)
      })
    )
  }

  it.live("come one after the other at the interval", () =>
    Effect.gen(function* () {
      const { linear, sql } = yield* start({ env: { POLL_INTERVAL_MS: "1000" } })
      linear.setLatency(50)
      const rows = yield* eventually(
        "three passes",
        sql`select started_at, finished_at from passes where finished_at is not null order by started_at`,
        ({ length }) => length >= 3
      )
      for (const [index, row] of rows.entries()) {
        const next = rows[index + 1]
        if (next !== undefined) {
          assert.isAtLeast(Number(next["startedAt"]) - Number(row["finishedAt"]), 950)
        }
      }
    })
  )

  it.live("that are requested at once follow each other after a second", () =>
    Effect.gen(function* () {
      const { pass, sql } = yield* start({ passSpacing: Duration.seconds(1) })
      for (let n = 0; n < 3; n++) yield* pass
      const rows = yield* sql`select started_at, finished_at from passes order by started_at`
      const gaps = rows
        .slice(1)
        .map((row, index) => Number(row["startedAt"]) - Number(rows[index]?.["finishedAt"]))
      assert.isAtLeast(gaps.length, 2)
      for (const gap of gaps) assert.isAtLeast(gap, 950)
    })
  )

  it.live("read a hundred pages of candidates and no more, say so, and continue with those", () =>
    Effect.gen(function* () {
      const { issue, linear, pass, sql } = yield* start({ mapping: { maxInProgressAiIssues: 5 } })
      // What else was asked of the poller may make it pass once more on its own.
      const passes = sql<{ count: number; dispatched: number }>`select count(*)::int as count,
        coalesce(sum(dispatched), 0)::int as dispatched from passes where started_at is not null`
      yield* pass
      const [before] = yield* passes
      linear.resetCalls()
      for (let n = 0; n < 11; n++) issue()
      const pageInfo = { hasNextPage: true, endCursor: "further" }
      linear.failNext({ match: "query Page", action: { _tag: "delay", millis: 0 } })
      linear.failNext({
        match: "query Page",
        times: Infinity,
        action: { _tag: "status", status: 200, body: { data: { issues: { nodes: [], pageInfo } } } }
      })
      const cut = yield* pass
      assert.include(cut?.["error"], "more than 100 pages of issues with the pickup label")
      const { length } = linear.calls().filter(({ operation }) => operation?.includes("query Page"))
      const [after] = yield* passes
      assert.strictEqual(after?.dispatched, 5)
      assert.isAtLeast(length, 100)
      assert.isAtMost(length, 100 * ((after?.count ?? 0) - (before?.count ?? 0)))
      linear.clearFaults()
      const whole = yield* pass
      assert.isNull(whole?.["error"])
    })
  )

  it.live("send Linear no request while there is no mapping and no work in progress", () =>
    Effect.gen(function* () {
      const { issue, linear, map, pass, running } = yield* start({ mapping: null })
      const identifier = issue()
      yield* pass
      assert.lengthOf(linear.calls(), 0)
      yield* map()
      yield* pass
      yield* running(identifier)
    })
  )

  it.live("cost one small request when there is nothing new", () =>
    Effect.gen(function* () {
      const { github, linear, pass } = yield* start()
      yield* pass
      linear.resetCalls()
      github.control.resetCalls()
      yield* pass
      assert.lengthOf(linear.calls(), 1)
      assert.lengthOf(github.control.calls(), 0)
    })
  )

  it.live("of a superseded poller change nothing", () =>
    Effect.gen(function* () {
      const { announced, attempts, dispatched, issue, linear, pass, sql } = yield* start()
      const identifier = issue()
      yield* announced(yield* dispatched(identifier))
      linear.setState(identifier, "Canceled")
      const stored = sql`select (select state_type from issues) as state, (select count(*)::int from dedup) as dedup`
      const before = yield* stored
      yield* sql`update instance set poller_epoch = poller_epoch + 1`
      assert.include(String((yield* pass)?.["error"]), "Another replica polls now")
      assert.deepStrictEqual(yield* stored, before)
      const [live] = yield* attempts(identifier)
      assert.isNull(live?.stopRequestedAt)
      assert.isNull((yield* pass)?.["error"], "it starts again")
    })
  )

  it.live("do not act on an issue that was stored again after they read it", () =>
    Effect.gen(function* () {
      const { announced, attempts, dispatched, issue, linear, pass, settled, sql } = yield* start()
      const identifier = issue()
      yield* announced(yield* dispatched(identifier))
      linear.setState(identifier, "Canceled")
      const stored = sql`select (select state_type from issues) as state, (select count(*)::int from dedup) as dedup`
      const before = yield* stored
      yield* sql`update issues set seen_at = now() + interval '1 minute'`
      yield* pass
      assert.deepStrictEqual(yield* stored, before)
      assert.isNull((yield* attempts(identifier))[0]?.stopRequestedAt)
      yield* sql`update issues set seen_at = now()`
      yield* pass
      assert.strictEqual((yield* settled(identifier)).outcome?.reason, "issue_canceled")
    })
  )

  it.live("resume dispatches without a workflow before they read Linear", () =>
    Effect.gen(function* () {
      const { linear, pass, passes, sql } = yield* start()
      yield* pass
      const provided = Effect.provideService(SqlClient.SqlClient, sql)
      const id = yield* provided(insertDispatch({ outcome: "failed" }))
      yield* sql`update dispatches set settled_at = null`
      linear.failNext({ match: "query Page", times: Infinity, action: { _tag: "hang" } })
      yield* passes.request("test")
      yield* eventually(
        "it is settled while Linear is waited for",
        sql`select (select settled_at from dispatches where id = ${id}) as settled,
          (select count(*)::int from passes where started_at is not null and finished_at is null) as running`,
        ([row]) => row?.["settled"] !== null && row?.["running"] === 1
      )
    })
  )

  it.live("dispatch by priority, then by age, as slots come free", () =>
    Effect.gen(function* () {
      const { attempts, deliver, issue, map, pass, running, settled, sql } = yield* start({ mapping: null })
      const issues = [0, 4, 2, 1, 2].map((priority) => issue({ priority }))
      yield* map({ maxInProgressAiIssues: 1 })
      const order: Array<string> = []
      while (order.length < issues.length) {
        yield* pass
        const live = yield* sql`select issue_identifier from dispatches where outcome is null`
        assert.lengthOf(live, 1)
        const identifier = String(live[0]?.["issueIdentifier"])
        order.push(identifier)
        yield* deliver(yield* running(identifier))
        yield* settled(identifier)
      }
      const [none, low, older, urgent, newer] = issues
      assert.deepStrictEqual(order, [urgent, older, newer, low, none])
      for (const identifier of issues) assert.lengthOf(yield* attempts(identifier), 1)
    })
  )

  it.live("never use more slots than the cap while 30 issues flow, and start each once", () =>
    Effect.gen(function* () {
      const cap = 4
      const { attempts, github, issue, pass, sql } = yield* start({
        mapping: { maxInProgressAiIssues: cap },
        github: { agent: "auto", speed: 80 }
      })
      const issues = Array.from({ length: 30 }, () => issue())
      let maxUsed = 0
      const sampler = yield* sql`select count(*)::int as live from dispatches where outcome is null`.pipe(
        Effect.map(([row]) => {
          const outside = github.runs().filter(({ status }) => status !== "completed").length
          maxUsed = Math.max(maxUsed, Number(row?.["live"]), outside)
        }),
        Effect.repeat(Schedule.spaced("5 millis")),
        Effect.forkScoped
      )
      const passes = yield* Effect.forkScoped(Effect.forever(pass))
      yield* eventually(
        "all have settled",
        sql`select status from dispatches where settled_at is not null`,
        ({ length }) => length === issues.length,
        30
      )
      yield* Fiber.interrupt(passes)
      yield* Fiber.interrupt(sampler)
      assert.strictEqual(maxUsed, cap)
      for (const identifier of issues) {
        const [only, ...others] = yield* attempts(identifier)
        assert.strictEqual(only?.status, "succeeded")
        assert.lengthOf(others, 0)
      }
      assert.lengthOf(github.runs(), issues.length)
    })
  )
})
