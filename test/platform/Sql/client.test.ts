import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, layer } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { TestDb } from "../../support/TestDb.ts"

layer(TestDb)("the client", (it) => {
  it.effect("writes camelCase as snake_case and reads it back, leaving documents as they are", () =>
    Effect.gen(function* () {
      const sql = yield* PgClient.PgClient
      yield* sql`create table stored_things (thing_id int, the_doc jsonb)`
      const thing = { thingId: 1, theDoc: { camelCase: 1, snake_case: [{ inner_key: 2 }] } }
      yield* sql`insert into ${sql("storedThings")} ${sql.insert({ thingId: 1, theDoc: sql.json(thing.theDoc) })}`
      assert.deepStrictEqual(yield* sql`select * from stored_things`, [thing])
      assert.deepStrictEqual(yield* sql`select the_doc->'camelCase' as inner_value from stored_things`, [
        { innerValue: 1 }
      ])
    })
  )

  it.effect("reads bigint as a number, and as a bigint where a number would be wrong", () =>
    Effect.gen(function* () {
      const sql = yield* PgClient.PgClient
      assert.deepStrictEqual(
        yield* sql`select count(*) as total, ${2 ** 53 - 1}::bigint as largest, ${2n ** 53n}::bigint as beyond,
          array[1, 2]::bigint[] as many, ${[3, 4]}::bigint[] as sent from generate_series(1, 3)`,
        [{ total: 3, largest: 2 ** 53 - 1, beyond: 2n ** 53n, many: [1, 2], sent: [3, 4] }]
      )
    })
  )

  it.effect("reads timestamptz as a Date and writes one back", () =>
    Effect.gen(function* () {
      const sql = yield* PgClient.PgClient
      const at = DateTime.toDateUtc(DateTime.makeUnsafe("2026-01-02T03:04:05.678Z"))
      assert.deepStrictEqual(
        yield* sql`select ${at} as at, '2026-01-02 04:04:05.678+01'::timestamptz = ${at} as same`,
        [{ at, same: true }]
      )
    })
  )
})
