import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import {
  timeIn,
  UpstreamInt,
  UpstreamText,
  UpstreamTime,
  UpstreamUrl
} from "../../../src/upstreams/client/upstreamText.ts"
import { TestDb } from "../../support/TestDb.ts"

const firstTime = "1970-01-01T00:00:00.000Z"
const lastTime = "9999-12-31T23:59:59.999Z"
const never = [
  "1969-12-31T23:59:59.999Z",
  "+010000-01-01T00:00:00.000Z",
  "-271821-04-20T00:00:00.000Z",
  "soon"
]

const decodes = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, value: unknown) =>
  Exit.isSuccess(Schema.decodeUnknownExit(schema)(value))

describe("text from an upstream", () => {
  it("loses control characters and those that reverse the order of others", () => {
    const decode = Schema.decodeUnknownSync(UpstreamText)
    assert.strictEqual(decode("\u001b[31mFix\u009b \u202ethe\u2066 login\0"), "[31mFix the login")
    assert.strictEqual(decode("a\r\n\tb"), "a\n\tb")
  })

  it("is an address only over http and https", () => {
    assert.isTrue(decodes(UpstreamUrl, "https://linear.test/issue/ENG-1"))
    for (const url of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "x"]) {
      assert.isFalse(decodes(UpstreamUrl, url), url)
    }
  })

  it("is a count up to the largest integer of the database", () => {
    for (const count of [0, 1, 2 ** 31 - 1]) assert.isTrue(decodes(UpstreamInt, count), String(count))
    for (const none of [-1, 0.5, 2 ** 31, 2 ** 53, 1e308, "1"]) {
      assert.isFalse(decodes(UpstreamInt, none), String(none))
    }
  })

  it("is a time between 1970 and 9999, or none", () => {
    for (const time of [firstTime, lastTime]) {
      assert.isTrue(decodes(UpstreamTime, time), time)
      assert.strictEqual(DateTime.formatIso(timeIn(time) ?? assert.fail(time)), time)
    }
    for (const time of never) {
      assert.isFalse(decodes(UpstreamTime, time), time)
      assert.isNull(timeIn(time), time)
    }
  })

  it.effect("is stored by the database unchanged", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      for (const time of [firstTime, lastTime]) {
        const at = DateTime.toDateUtc(DateTime.makeUnsafe(time))
        const rows = yield* sql`select date_trunc('milliseconds', ${at}::timestamptz)
          = (${JSON.stringify({ time })}::jsonb ->> 'time')::timestamptz as same`
        assert.deepStrictEqual(rows, [{ same: true }])
      }
      assert.deepStrictEqual(yield* sql`select ${2 ** 31 - 1}::integer as count`, [{ count: 2 ** 31 - 1 }])
    }).pipe(Effect.provide(TestDb))
  )
})
