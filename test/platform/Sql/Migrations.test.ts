import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { fileURLToPath } from "node:url"
import * as Migrations from "../../../src/platform/Sql/Migrations.ts"
import { emptied } from "../../support/emptied.ts"
import { TestDb } from "../../support/TestDb.ts"

const folder = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))

describe("migrations", () => {
  it.effect("run once and in order, however many processes start at once", () =>
    Effect.gen(function* () {
      const sql = yield* emptied
      const ran = yield* Effect.all(
        Array.from({ length: 4 }, () => Migrations.run(folder("migrations"))),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(
        ran.flat().map(([id, name]) => `${id} ${name}`),
        ["1 letters", "2 first_letter"]
      )
      assert.deepStrictEqual(yield* sql`select letter from letters`, [{ letter: "a" }])
      assert.deepStrictEqual(yield* Migrations.run(folder("migrations")), [])
    }).pipe(Effect.provide(TestDb))
  )

  it.effect("leave the database as it was when one of them fails, and say which", () =>
    Effect.gen(function* () {
      const sql = yield* emptied
      const error = yield* Effect.flip(Migrations.run(folder("broken")))
      assert.strictEqual(error.reason, "NotMigrated")
      assert.include(error.message, `"2_missing" failed: relation "words" does not exist`)
      assert.include(error.message, "left as it was")
      assert.deepStrictEqual(yield* sql`select to_regclass('letters') is null as gone`, [{ gone: true }])
    }).pipe(Effect.provide(TestDb))
  )

  for (const [title, id, name] of [
    ["newer than the program's", 3, "third_letter"],
    ["of another release with a number of the program's", 2, "other_letter"]
  ] as const) {
    it.effect(`${title} are refused, and nothing is changed`, () =>
      Effect.gen(function* () {
        const sql = yield* emptied
        yield* Migrations.run(folder("migrations"))
        yield* sql`insert into migrations (migration_id, name) values (${id}, ${name})
          on conflict (migration_id) do update set name = excluded.name`
        const rows = sql`select migration_id, name from migrations order by migration_id`
        const before = yield* rows
        const error = yield* Effect.flip(Migrations.run(folder("migrations")))
        assert.strictEqual(error.reason, "OtherVersion")
        assert.include(error.message, `newer or another release: it has the migration ${id} ${name},`)
        assert.include(error.message, "Nothing was changed")
        assert.deepStrictEqual(yield* rows, before)
      }).pipe(Effect.provide(TestDb))
    )
  }

  it.effect("of this repository begin at 1 and leave no number out", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const rows =
        yield* sql`select migration_id = row_number() over (order by migration_id) as in_order from migrations`
      assert.deepStrictEqual(
        rows.filter(({ inOrder }) => inOrder !== true),
        []
      )
      assert.deepStrictEqual(yield* Migrations.run(Migrations.directory), [])
    }).pipe(Effect.provide(TestDb))
  )
})
