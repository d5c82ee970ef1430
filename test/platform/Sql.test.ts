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
const urlOf = (database: string, role?: string) => {
  const { host, password, path, port, ...own } = connection()
  const username = role ?? own.username
  const query = path === undefined ? "" : `?host=${encodeURIComponent(dirname(path))}`
  const secret = password === undefined || role !== undefined ? "s3cret" : Redacted.value(password)
  return Redacted.make(
    `postgres://${username}:${secret}@${host ?? "localhost"}:${port ?? 5432}/${database}${query}`
  )
}

const external = (url: Redacted.Redacted, maxConnections?: number) =>
  Sql.layer({ databaseUrl: Option.some(url), dataDir: "unused", migrations, maxConnections })

/** Who may open so many connections at once, and no superuser. */
const limitedRole = Effect.fnUntraced(function* (limit: number) {
  const sql = yield* SqlClient.SqlClient
  const { location: database } = yield* Sql.Database
  const role = `${database}_limited`
  yield* Effect.acquireRelease(
    sql`create role ${sql(role)} login password 's3cret' connection limit ${sql.literal(String(limit))}`,
    () =>
      Effect.orDie(sql`drop owned by ${sql(role)} cascade`.pipe(Effect.andThen(sql`drop role ${sql(role)}`)))
  )
  yield* sql`drop schema public cascade`
  yield* sql`create schema public authorization ${sql(role)}`
  return urlOf(database, role)
})

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

  for (const [limit, needed] of [
    [3, 10],
    [10, 11]
  ] as const) {
    it.live(
      `that gives ${limit} of ${needed} connections is refused in one sentence, and left unchanged`,
      () =>
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const url = yield* limitedRole(limit)
          const error = yield* Effect.flip(letters.pipe(Effect.provide(external(url, needed))))
          assert.match(
            error.message,
            new RegExp(
              `gives ${limit} of the ${needed} connections that are needed: too many connections for role`
            )
          )
          assert.include(error.message, "lower DATABASE_CONNECTIONS")
          assert.deepStrictEqual(yield* sql`select to_regclass('letters') is null as unchanged`, [
            { unchanged: true }
          ])
          const found = yield* letters.pipe(Effect.provide(external(url, limit)))
          assert.deepStrictEqual(found, [{ letter: "a" }])
        }).pipe(Effect.scoped, Effect.provide(TestDb), quietly)
    )
  }

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
