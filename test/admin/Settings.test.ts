import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { system } from "../../src/admin/Audit.ts"
import { Settings } from "../../src/admin/Settings.ts"
import { config } from "../support/config.ts"
import { TestDb } from "../support/TestDb.ts"

/** Runs with the settings of one process: another one on the same database reads them again. */
const started = (env: Record<string, string>) =>
  Effect.provide(Layer.fresh(Settings.layer).pipe(Layer.provide(config(env))))

const withDb = Effect.provide(TestDb)
const settings = Settings

describe("the runner mode", () => {
  it.effect("is what is stored, else the default", () =>
    Effect.gen(function* () {
      const { runnerMode, setRunnerMode } = yield* settings
      const none = { mode: "default", source: "default", storedMode: null, overriddenByEnv: false } as const
      assert.deepStrictEqual(yield* runnerMode, none)
      const stored = { mode: "fly", source: "db", storedMode: "fly", overriddenByEnv: false } as const
      assert.deepStrictEqual(yield* setRunnerMode("fly", system), stored)
      assert.deepStrictEqual(yield* runnerMode, stored)
    }).pipe(started({}), withDb)
  )

  it.live("that several operators change at once is audited as a chain of values", () =>
    Effect.gen(function* () {
      const { setRunnerMode } = yield* settings
      const modes = Array.from({ length: 12 }, (_, n) => (["fly", "gha", "default"] as const)[n % 3] ?? "fly")
      yield* Effect.forEach(modes, (mode) => setRunnerMode(mode, system), { concurrency: "unbounded" })
      const sql = yield* SqlClient.SqlClient
      const rows = yield* sql`select before, after from audit order by id`
      assert.lengthOf(rows, modes.length)
      for (const [index, { before }] of rows.entries()) {
        assert.deepStrictEqual(before, index === 0 ? null : rows[index - 1]?.["after"])
      }
    }).pipe(started({}), withDb)
  )

  it.effect("of the environment wins over what is stored, and storing still works", () =>
    Effect.gen(function* () {
      const { setRunnerMode } = yield* settings
      assert.deepStrictEqual(yield* setRunnerMode("fly", system), {
        mode: "gha",
        source: "env",
        storedMode: "fly",
        overriddenByEnv: true
      })
    }).pipe(started({ RUNNER_MODE: "gha" }), withDb)
  )
})

describe("the Fly app and region", () => {
  it.effect("are fixed when the process starts", () =>
    Effect.gen(function* () {
      const save = Effect.flatMap(settings, ({ save }) =>
        save({ flySessionsApp: "sessions", flySessionsRegion: "fra" }, system)
      )
      const saved = yield* save.pipe(started({}))
      assert.deepStrictEqual(saved.flySessionsApp, {
        runtimeValue: null,
        storedValue: "sessions",
        envValue: null,
        overriddenByEnv: false,
        restartRequired: true
      })
      const later = yield* Effect.flatMap(settings, ({ state }) => state).pipe(
        started({ FLY_SESSIONS_REGION: "ams" })
      )
      assert.deepStrictEqual(later, {
        flySessionsApp: {
          runtimeValue: "sessions",
          storedValue: "sessions",
          envValue: null,
          overriddenByEnv: false,
          restartRequired: false
        },
        flySessionsRegion: {
          runtimeValue: "ams",
          storedValue: "fra",
          envValue: "ams",
          overriddenByEnv: true,
          restartRequired: false
        }
      })
      const cleared = yield* Effect.flatMap(settings, ({ save }) =>
        save({ flySessionsApp: null }, system)
      ).pipe(started({}))
      assert.deepInclude(cleared.flySessionsApp, { storedValue: null, restartRequired: true })
      assert.strictEqual(cleared.flySessionsRegion.storedValue, "fra")
    }).pipe(withDb)
  )

  it.effect("may not be the app that the service runs in", () =>
    Effect.gen(function* () {
      const { save, state } = yield* settings
      const error = yield* Effect.flip(save({ flySessionsApp: "own", flySessionsRegion: "fra" }, system))
      assert.strictEqual(error.path, "flySessionsApp")
      assert.isNull((yield* state).flySessionsRegion.storedValue)
    }).pipe(started({ FLY_APP_NAME: "own" }), withDb)
  )
})
