import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync, gzipSync } from "node:zlib"
import { read } from "../../../../src/platform/Sql/backup/read.ts"
import { write } from "../../../../src/platform/Sql/backup/write.ts"
import { emptied } from "../../../support/emptied.ts"
import { folder } from "../../../support/postgres.ts"
import { TestDb } from "../../../support/TestDb.ts"

const awkward = 'a "quoted", (text)\\ with\nlines, null, \u{1F600} and a comma,'

const auditRows = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`select id, at::text, subject, actor_name, before, after from audit order by id`
)

const events = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`select id from events order by id`)

const lines = (file: string) => gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n")

const countTables = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`select count(*)::int as count from pg_tables where schemaname = 'public'`
).pipe(Effect.flatMap(Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ count: Schema.Int })]))))

const env = Layer.merge(TestDb, NodeFileSystem.layer)

/** A database with awkward rows, its backup, and then an empty database. */
const backedUp = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const file = join(yield* folder, "backup.gz")
  yield* sql`insert into audit (at, action, subject, actor_name, before, after) values
    ('2026-03-29T01:59:59.999999Z', 'test', ${awkward}, '', 'null', '{"a": [1, null, "\\u0022"]}'),
    ('0044-03-15T12:00:00Z BC', 'test', '', null, null, '0.1')`
  const rows = yield* auditRows
  const made = yield* write(file, "0.0.0")
  const reported = yield* events
  yield* emptied
  return { file, made, rows, reported }
})

describe("a backup", { timeout: 120_000 }, () => {
  it.effect("gives back every value as it was, continues its numbers and reports nothing as new", () =>
    Effect.gen(function* () {
      const { file, made, rows, reported } = yield* backedUp
      const restored = yield* read(file)
      assert.deepStrictEqual(restored, { ...made, release: "0.0.0" })
      assert.deepStrictEqual(yield* auditRows, rows)
      const sql = yield* SqlClient.SqlClient
      assert.deepStrictEqual(yield* events, reported)
      yield* sql`insert into audit (at, action, subject) values (now(), 'test', 'next')`
      const ids = (yield* auditRows).map(({ id }) => id)
      assert.strictEqual(new Set(ids).size, rows.length + 1)
    }).pipe(Effect.provide(env))
  )

  it.effect("is refused by a database that is not empty, and no file is overwritten", () =>
    Effect.gen(function* () {
      const { file } = yield* backedUp
      yield* read(file)
      const error = yield* Effect.flip(read(file))
      assert.include(error.message, "The database is not empty")
      const before = readFileSync(file)
      const refused = yield* Effect.flip(write(file, "0.0.0"))
      assert.include(refused.message, "exists already. It was left unchanged.")
      assert.isTrue(before.equals(readFileSync(file)))
      assert.deepStrictEqual(readdirSync(join(file, "..")), ["backup.gz"])
    }).pipe(Effect.provide(env))
  )

  it.effect("of an empty database is not written", () =>
    Effect.gen(function* () {
      yield* emptied
      const file = join(yield* folder, "backup.gz")
      const error = yield* Effect.flip(write(file, "0.0.0"))
      assert.include(error.message, "has no table of AI-Implement. No backup was written.")
      assert.isFalse(existsSync(file))
    }).pipe(Effect.provide(env))
  )

  const damage: ReadonlyArray<readonly [what: string, says: string, (file: string) => Uint8Array]> = [
    ["cut in the middle", "unexpected end of file", (file) => readFileSync(file).subarray(0, -40)],
    ["without its end", "its end is missing", (file) => gzipSync(`${lines(file).slice(0, -1).join("\n")}\n`)],
    [
      "without some of its rows",
      "rows are missing",
      (file) =>
        gzipSync(
          lines(file)
            .filter((line) => !line.includes("quoted"))
            .join("\n")
        )
    ],
    [
      "written twice",
      "it is not one backup",
      (file) => gzipSync([...lines(file), ...lines(file)].join("\n"))
    ],
    ["that is none", "incorrect header check", () => Buffer.from("a file of another kind")],
    [
      "of a newer release",
      "The backup was made by a newer or another release: it has the migration 9999 later",
      (file) =>
        gzipSync(
          lines(file)
            .join("\n")
            .replace(/("migrations":\[.*?)\]\]/, '$1],[9999,"later"]]')
        )
    ]
  ]
  it.effect("that is damaged, or of a newer release, is refused whole", () =>
    Effect.gen(function* () {
      const { file } = yield* backedUp
      for (const [what, says, change] of damage) {
        const damaged = `${file}.damaged`
        writeFileSync(damaged, change(file))
        const { message } = yield* Effect.flip(read(damaged))
        assert.include(message, says, what)
        assert.match(message, /The database was left as it was\.|Nothing was changed\./)
        assert.deepStrictEqual(yield* countTables, [{ count: 0 }])
      }
    }).pipe(Effect.provide(env))
  )
})
