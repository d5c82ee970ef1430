import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import { flow } from "effect/Function"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import { Timestamp } from "../../domain/Text.ts"

const date = DateTime.toDateUtc

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const count = SqlSchema.findOneOption({
    Request: Schema.Struct({ address: Schema.String, now: Timestamp, resetBefore: Timestamp }),
    Result: Schema.Struct({ failures: Schema.Int }),
    execute: ({ address, now, resetBefore }) => sql`
      insert into auth_attempts as a (address, failures, updated_at) values (${address}, 1, ${now})
      on conflict (address) do update set updated_at = ${now}, locked_until = null,
        failures = case when a.updated_at < ${resetBefore} then 1 else a.failures + 1 end
      where a.locked_until is null or a.locked_until <= ${now}
      returning failures`
  })

  const lockedUntil = SqlSchema.findOne({
    Request: Schema.String,
    Result: Schema.Struct({ lockedUntil: Schema.NullOr(Timestamp) }),
    execute: (address) => sql`select locked_until from auth_attempts where address = ${address}`
  })

  const lock = Effect.fnUntraced(function* (address: string, until: DateTime.Utc) {
    yield* sql`update auth_attempts set locked_until = ${date(until)} where address = ${address}`
  }, Effect.orDie)

  const clear = Effect.fnUntraced(function* (address: string) {
    yield* sql`delete from auth_attempts where address = ${address}`
  }, Effect.orDie)

  const noteFailure = Effect.fnUntraced(function* (now: DateTime.Utc) {
    yield* sql`insert into auth_failures (at) values (${date(now)})`
  }, Effect.orDie)

  const nthFailure = SqlSchema.findOneOption({
    Request: Schema.Struct({ nth: Schema.Int, since: Timestamp }),
    Result: Schema.Struct({ at: Timestamp }),
    execute: ({ nth, since }) => sql`select at from auth_failures where at > ${since}
      order by at desc offset ${nth - 1} limit 1`
  })

  return {
    count: flow(count, Effect.orDie),
    lockedUntil: (address: string) =>
      Effect.map(Effect.orDie(lockedUntil(address)), (row) => row.lockedUntil),
    lock,
    clear,
    noteFailure,
    nthFailure: flow(nthFailure, Effect.orDie)
  }
})

export class AttemptsRepo extends Context.Service<AttemptsRepo, Effect.Success<typeof make>>()(
  "ai-implement/admin/Authentication/AttemptsRepo"
) {
  static readonly layer = Layer.effect(AttemptsRepo, make)
}
