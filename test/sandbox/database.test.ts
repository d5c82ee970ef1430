import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import * as SqlClient from "effect/sql/SqlClient"
import { emptyDatabase } from "../../src/sandbox/database.ts"
import { Database } from "../../src/platform/Sql/Database.ts"
import { database } from "../../src/platform/Sql/owner.ts"
import * as Embedded from "../../src/platform/Sql/Embedded.ts"
import { fast, folder } from "../support/postgres.ts"

const inside =
  (dataDir: string) =>
  <A, E>(use: (sql: SqlClient.SqlClient) => Effect.Effect<A, E, Database>) =>
    Effect.flatMap(SqlClient.SqlClient, use).pipe(
      Effect.provide(Embedded.layer({ dataDir, settings: fast })),
      Effect.scoped
    )

const addNote = (sql: SqlClient.SqlClient) =>
  Effect.andThen(sql`create table notes (text text not null)`, sql`insert into notes values ('kept')`)

const notes = (sql: SqlClient.SqlClient) => sql`select text from notes`

const quietly = Effect.provideService(References.MinimumLogLevel, "None")

describe("emptying the sandbox's database", () => {
  it.live("marks a new database, and empties it at every later start", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      yield* emptyDatabase(directory)
      const comments = yield* inside(directory)((sql) =>
        Effect.andThen(
          addNote(sql),
          sql`select shobj_description(oid, 'pg_database') as comment from pg_database where datname = ${database}`
        )
      )
      assert.deepStrictEqual(comments, [{ comment: "AI-Implement sandbox: emptied at every start" }])
      for (const start of ["second", "third"]) {
        yield* emptyDatabase(directory)
        const tables = yield* inside(directory)((sql) =>
          Effect.tap(sql`select tablename from pg_tables where schemaname = 'public'`, () => addNote(sql))
        )
        assert.deepStrictEqual(tables, [], start)
      }
    }).pipe(quietly)
  )

  it.live("refuses a database without the mark, and leaves its rows", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const { location } = yield* inside(directory)((sql) => Effect.andThen(addNote(sql), Database))
      const error = yield* Effect.flip(emptyDatabase(directory))
      assert.strictEqual(error._tag, "NotSandbox")
      assert.strictEqual(
        error.message,
        `The database in ${location} does not have the mark of the sandbox: it belongs to a service, or to an older release of the sandbox. ` +
          `Nothing was changed. Set SANDBOX_DIR to another directory, or delete ${location} if only the sandbox used it.`
      )
      assert.deepStrictEqual(yield* inside(directory)(notes), [{ text: "kept" }])
    }).pipe(quietly)
  )

  it.live("refuses a database that holds nothing but a function or a type, or has another comment", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const refused = Effect.fnUntraced(function* (make: string, undo: string) {
        yield* inside(directory)((sql) => sql.unsafe(make))
        assert.strictEqual((yield* Effect.flip(emptyDatabase(directory)))._tag, "NotSandbox", make)
        yield* inside(directory)((sql) => sql.unsafe(undo))
      })
      yield* refused("create function one() returns int return 1", "drop function one")
      yield* refused("create type mood as enum ('good')", "drop type mood")
      yield* refused(
        `comment on database ${database} is 'AI-Implement sandbox'`,
        `comment on database ${database} is null`
      )
      yield* emptyDatabase(directory)
    }).pipe(quietly)
  )

  it.live("names SANDBOX_DIR where another process uses the database", () =>
    Effect.gen(function* () {
      const directory = yield* folder
      const error = yield* inside(directory)(() => Effect.flip(emptyDatabase(directory)))
      assert.strictEqual(error._tag, "DatabaseError")
      assert.include(error.message, "Nothing was changed.")
      assert.include(error.message, "For the sandbox, SANDBOX_DIR stands for DATA_DIR")
    }).pipe(quietly)
  )
})
