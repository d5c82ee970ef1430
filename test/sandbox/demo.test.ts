import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as SqlClient from "effect/sql/SqlClient"
import { system } from "../../src/admin/Audit.ts"
import { Mappings } from "../../src/admin/Mappings.ts"
import { demo } from "../../src/sandbox/demo.ts"
import * as Sql from "../../src/platform/Sql.ts"
import { config } from "../support/config.ts"
import { databaseUrl } from "../support/databaseUrl.ts"
import { fast, folder } from "../support/postgres.ts"
import { TestDb } from "../support/TestDb.ts"
import { TeamKey } from "../../src/domain/Ids.ts"

const mapProduction = Effect.flatMap(Mappings, ({ save }) =>
  save({ teamKey: TeamKey.make("ENG"), owner: "acme", repo: "widgets" }, system)
).pipe(Effect.provide(Mappings.layer.pipe(Layer.provide(config({})))))

const mapped = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`select team_key, owner, repo from mappings`)

const production = [{ teamKey: "ENG", owner: "acme", repo: "widgets" }]

/** Starts the sandbox with `env`, and gives where it keeps its data and what it is set to. */
const start = Effect.fnUntraced(function* (env: Readonly<Record<string, string>>) {
  const directory = yield* folder
  const { api, sql } = yield* demo().pipe(
    Effect.provide(
      ConfigProvider.layer(
        ConfigProvider.fromUnknown({ PORT: "0", LOG_LEVEL: "error", SANDBOX_DIR: directory, ...env })
      )
    )
  )
  const { settings } = yield* api.operations.overview()
  return {
    directory,
    teams: yield* sql`select team_key, owner from mappings order by team_key`,
    set: Object.fromEntries(settings.map(({ name, value }) => [name, value]))
  }
}, Effect.scoped)

const ofDemo = ["ENG", "OPS", "WEB"].map((teamKey) => ({ teamKey, owner: "northwind" }))

const quietly = Effect.provideService(References.MinimumLogLevel, "None")

describe("the sandbox", { timeout: 60_000 }, () => {
  it.live("ignores the DATA_DIR of a service", () =>
    Effect.gen(function* () {
      const dataDir = yield* folder
      const service = Sql.layer({ databaseUrl: Option.none(), dataDir, settings: fast })
      yield* mapProduction.pipe(Effect.provide(service))
      const { directory, set, teams } = yield* start({ DATA_DIR: dataDir, PICKUP_LABEL: "Production" })
      assert.deepStrictEqual(yield* mapped.pipe(Effect.provide(service)), production)
      assert.deepStrictEqual(teams, ofDemo)
      assert.strictEqual(set["DATA_DIR"], directory)
      assert.strictEqual(set["PICKUP_LABEL"], "AI-Implement")
    }).pipe(quietly)
  )

  it.live("ignores the DATABASE_URL of a service", () =>
    Effect.gen(function* () {
      yield* mapProduction
      const { location } = yield* Sql.Database
      const { set, teams } = yield* start({ DATABASE_URL: databaseUrl(location).href })
      assert.deepStrictEqual(yield* mapped, production)
      assert.deepStrictEqual(teams, ofDemo)
      assert.notProperty(set, "DATABASE_URL")
    }).pipe(Effect.provide(TestDb), quietly)
  )

  it.live("does not start on the directory of a service", () =>
    Effect.gen(function* () {
      const dataDir = yield* folder
      const service = Sql.layer({ databaseUrl: Option.none(), dataDir, settings: fast })
      yield* mapProduction.pipe(Effect.provide(service))
      const error = yield* Effect.flip(start({ SANDBOX_DIR: dataDir }))
      assert.propertyVal(error, "_tag", "NotSandbox")
      assert.deepStrictEqual(yield* mapped.pipe(Effect.provide(service)), production)
    }).pipe(quietly)
  )
})
