import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as SqlClient from "effect/sql/SqlClient"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Sql from "../../src/platform/Sql.ts"
import { connection, TestDb } from "../support/TestDb.ts"
import { fast, folder } from "../support/postgres.ts"

const migrations = fileURLToPath(new URL("Sql/fixtures/migrations", import.meta.url))
const letters = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`select letter from letters`)

/** The run's own server, the way an operator names one. */
const urlOf = (database: string) => {
  const { host, password, path, port, username } = connection()
  const query = path === undefined ? "" : `?host=${encodeURIComponent(dirname(path))}`
  const secret = password === undefined ? "s3cret" : Redacted.value(password)
  return Redacted.make(
    `postgres://${username}:${secret}@${host ?? "localhost"}:${port ?? 5432}/${database}${query}`
  )
}

const external = (url: Redacted.Redacted) =>
  Sql.layer({ databaseUrl: Option.some(url), dataDir: "unused", migrations })

const quietly = Effect.provideService(References.MinimumLogLevel, "None")

describe("the database", () => {
  it.live("is the one of DATABASE_URL where there is one, migrated", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const { location: database } = yield* Sql.Database
      yield* sql`drop schema public cascade`
      yield* sql`create schema public`
      const { found, kind } = yield* Effect.all({
        found: letters,
        kind: Effect.map(Sql.Database, ({ kind }) => kind)
      }).pipe(Effect.provide(external(urlOf(database))))
      assert.strictEqual(kind, "external")
      assert.deepStrictEqual(found, [{ letter: "a" }])
    }).pipe(Effect.provide(TestDb), quietly)
  )

  it.live("is embedded without a DATABASE_URL, migrated", () =>
    Effect.gen(function* () {
      const dataDir = yield* folder
      const { database, found } = yield* Effect.all({ found: letters, database: Sql.Database }).pipe(
        Effect.provide(Sql.layer({ databaseUrl: Option.none(), dataDir, settings: fast, migrations }))
      )
      assert.deepStrictEqual(database, { kind: "embedded", location: join(dataDir, "postgres") })
      assert.deepStrictEqual(found, [{ letter: "a" }])
    }).pipe(quietly)
  )

  it.live("of a DATABASE_URL that cannot be used is an error that names it and no secret", () =>
    Effect.gen(function* () {
      const missing = yield* Effect.flip(letters.pipe(Effect.provide(external(urlOf("missing")))))
      assert.include(missing.message, `/missing cannot be used: database "missing" does not exist`)
      assert.include(missing.message, "Check DATABASE_URL")
      const wrong = Redacted.make("mysql://root:s3cret@localhost/db")
      const foreign = yield* Effect.flip(letters.pipe(Effect.provide(external(wrong))))
      assert.include(foreign.message, "DATABASE_URL is not of the form postgres://")
      assert.notInclude(`${missing.message} ${foreign.message}`, "s3cret")
    }).pipe(quietly)
  )
})
