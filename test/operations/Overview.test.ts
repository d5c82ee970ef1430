import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { randomUUID } from "node:crypto"
import { system } from "../../src/admin/Audit.ts"
import type { Reason } from "../../src/domain/Reason.ts"
import { Mappings } from "../../src/admin/Mappings.ts"
import { Overview } from "../../src/operations/Overview.ts"
import { missingSetup } from "../../src/operations/Overview/setup.ts"
import { Passes } from "../../src/dispatching/poller/Passes.ts"
import { config } from "../support/config.ts"
import { insertDispatch } from "../support/dispatchRow.ts"
import { TestDb } from "../support/TestDb.ts"
import { upstreamsDouble } from "../support/upstreamsDouble.ts"
import { TeamKey } from "../../src/domain/Ids.ts"

const passes = Layer.mock(Passes, {
  state: Effect.succeed({
    state: "idle" as const,
    holder: null,
    lastPass: null,
    lastGoodAt: null,
    nextAt: null
  })
})

const overviewWith = (env: Record<string, string>) =>
  Effect.provide(
    Layer.fresh(
      Layer.merge(Overview.layer, Mappings.layer).pipe(
        Layer.provide([passes, upstreamsDouble, config(env)]),
        Layer.provideMerge(TestDb)
      )
    )
  )
const withOverview = overviewWith({ RUNNER_MODE: "gha", FLY_SESSIONS_APP: "sessions" })

const insertWaiting = Effect.fnUntraced(function* (teamKey: string, reason: Reason["_tag"]) {
  const sql = yield* SqlClient.SqlClient
  const now = yield* DateTime.nowAsDate
  const issueId = randomUUID()
  yield* sql`insert into issues ${sql.insert({
    issueId,
    identifier: `${teamKey}-1`,
    title: "Add a login",
    url: "https://linear.test/issue",
    teamId: "team",
    teamKey,
    priority: 0,
    stateId: "state",
    stateName: "Todo",
    stateType: "unstarted",
    labels: ["AI-Implement"],
    blockedBy: "[]",
    moreBlockers: false,
    createdAt: now,
    updatedAt: now,
    seenAt: now,
    candidate: true
  })}`
  yield* sql`insert into decisions ${sql.insert({
    issueId,
    decision: "wait",
    reason: JSON.stringify({ _tag: reason }),
    since: now,
    passId: randomUUID()
  })}`
})

describe("the overview", () => {
  it.effect("counts slots and what waits, by team and by reason", () =>
    Effect.gen(function* () {
      const mappings = yield* Mappings
      yield* mappings.save(
        { teamKey: TeamKey.make("ENG"), owner: "acme", repo: "app", maxInProgressAiIssues: 5 },
        system
      )
      yield* insertDispatch()
      yield* insertDispatch({ outcome: "delivered" })
      yield* insertWaiting("ENG", "dedup")
      yield* insertWaiting("ENG", "paused")
      yield* insertWaiting("WEB", "dedup")
      const { teams, waiting } = yield* (yield* Overview).get
      assert.deepStrictEqual(teams, [{ teamKey: "ENG", used: 1, cap: 5, waiting: 2, paused: false }])
      assert.sameDeepMembers(
        [...waiting],
        [
          { reason: "dedup", count: 2 },
          { reason: "paused", count: 1 }
        ]
      )
    }).pipe(withOverview)
  )

  it.effect("has one entry for each of the last 24 hours with what ended in it", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("36 hours")
      yield* TestClock.adjust("34 minutes")
      const ago = (hours: number) => Effect.map(DateTime.now, (now) => DateTime.subtract(now, { hours }))
      for (const outcome of ["delivered", "timed_out", "timed_out"]) {
        yield* insertDispatch({ outcome, at: yield* ago(2) })
      }
      yield* insertDispatch({ outcome: "lost", at: yield* ago(0) })
      yield* insertDispatch({ outcome: "failed", at: yield* ago(24) })
      const { outcomes24h } = yield* (yield* Overview).get
      assert.strictEqual(outcomes24h.length, 24)
      const none = { delivered: 0, failed: 0, lost: 0, timed_out: 0, cancelled: 0 }
      const byHour = outcomes24h.map(({ hour, ...counts }) => [DateTime.formatIso(hour), counts] as const)
      assert.deepStrictEqual(byHour[0], ["1970-01-01T13:00:00.000Z", none])
      assert.deepStrictEqual(byHour[21], [
        "1970-01-02T10:00:00.000Z",
        { ...none, delivered: 1, timed_out: 2 }
      ])
      assert.deepStrictEqual(byHour[23], ["1970-01-02T12:00:00.000Z", { ...none, lost: 1 }])
    }).pipe(withOverview)
  )

  it.effect("lists the settings in force and where they come from, each once", () =>
    Effect.gen(function* () {
      const { settings, version } = yield* (yield* Overview).get
      const named = (wanted: string) => settings.filter(({ name }) => name === wanted)
      assert.deepStrictEqual(named("RUNNER_MODE"), [{ name: "RUNNER_MODE", value: "gha", source: "env" }])
      assert.deepStrictEqual(named("FLY_SESSIONS_APP"), [
        { name: "FLY_SESSIONS_APP", value: "sessions", source: "env" }
      ])
      assert.deepStrictEqual(named("PORT"), [{ name: "PORT", value: "8080", source: "default" }])
      assert.match(version, /^\d+\.\d+\.\d+$/)
    }).pipe(withOverview)
  )
})

const ofMachines = {
  FLY_SESSIONS_TOKEN: null,
  FLY_SESSIONS_APP: null,
  SESSION_IMAGE: null,
  PUBLIC_URL: null
}

const machineSetup = Effect.gen(function* () {
  const mappings = yield* Mappings
  yield* mappings.save(
    { teamKey: TeamKey.make("ENG"), owner: "acme", repo: "app", executionMode: "fly-machines" },
    system
  )
  const { setup } = yield* (yield* Overview).get
  return setup.flatMap(({ neededFor, setting }) => (neededFor === "session machines" ? setting : []))
})

describe("the set-up checklist", () => {
  it.effect("names what a mapping on Fly lacks", () =>
    Effect.map(machineSetup, (missing) => assert.deepStrictEqual(missing, Object.keys(ofMachines))).pipe(
      overviewWith({})
    )
  )

  it.effect("does not, while the runner mode sends everything to GitHub", () =>
    Effect.map(machineSetup, (missing) => assert.deepStrictEqual(missing, [])).pipe(withOverview)
  )

  it("names what session machines need, where any are to be made", () => {
    const config = {
      ...ofMachines,
      ADMIN_ACCESS_CODE: Redacted.make("code"),
      LINEAR_API_KEY: Redacted.make("key"),
      GITHUB_APP_ID: "1",
      GITHUB_APP_PRIVATE_KEY: Redacted.make("key")
    }
    const missing = (...more: [] | [{ readonly app: string | null }]) =>
      missingSetup(config, 1, ...more).map(({ setting }) => setting)
    assert.deepStrictEqual(missing(), [])
    assert.deepStrictEqual(missing({ app: null }), Object.keys(ofMachines))
    assert.deepStrictEqual(missing({ app: "sessions" }), [
      "FLY_SESSIONS_TOKEN",
      "SESSION_IMAGE",
      "PUBLIC_URL"
    ])
  })

  it("names exactly what is missing", () => {
    const all = {
      ...ofMachines,
      ADMIN_ACCESS_CODE: null,
      LINEAR_API_KEY: null,
      GITHUB_APP_ID: null,
      GITHUB_APP_PRIVATE_KEY: null
    }
    assert.deepStrictEqual(
      missingSetup(all, 0).map(({ setting }) => setting),
      ["ADMIN_ACCESS_CODE", "LINEAR_API_KEY", "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "a mapping"]
    )
    const given = { ...all, GITHUB_APP_ID: "1" }
    assert.deepStrictEqual(
      missingSetup(given, 1).map(({ setting }) => setting),
      ["ADMIN_ACCESS_CODE", "LINEAR_API_KEY", "GITHUB_APP_PRIVATE_KEY"]
    )
  })
})
