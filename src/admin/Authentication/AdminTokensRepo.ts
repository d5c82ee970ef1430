import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import { flow } from "effect/Function"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import { Timestamp } from "../../domain/Text.ts"

const NewSession = Schema.Struct({
  id: Schema.String,
  tokenHash: Schema.String,
  name: Schema.NullOr(Schema.String),
  address: Schema.String,
  createdAt: Timestamp,
  expiresAt: Timestamp
})

const Session = Schema.Struct({
  id: Schema.String,
  name: Schema.NullOr(Schema.String),
  expiresAt: Timestamp
})
export type Session = typeof Session.Type

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const insert = SqlSchema.void({
    Request: NewSession,
    execute: (row) => sql`insert into admin_sessions ${sql.insert(row)}`
  })

  const find = SqlSchema.findOneOption({
    Request: Schema.String,
    Result: Session,
    execute: (tokenHash) => sql`select id, name, expires_at from admin_sessions
      where token_hash = ${tokenHash} and revoked_at is null`
  })

  const knownClient = SqlSchema.findOne({
    Request: Schema.Struct({ address: Schema.String, since: Timestamp }),
    Result: Schema.Struct({ known: Schema.Boolean }),
    execute: ({ address, since }) => sql`select exists (select 1 from admin_sessions
      where address = ${address} and created_at > ${since}) as known`
  })

  const revoke = Effect.fnUntraced(function* (id: string) {
    yield* sql`update admin_sessions set revoked_at = ${yield* DateTime.nowAsDate}
      where id = ${id} and revoked_at is null`
  }, Effect.orDie)

  const revokeAll = Effect.gen(function* () {
    yield* sql`update admin_sessions set revoked_at = ${yield* DateTime.nowAsDate} where revoked_at is null`
  }).pipe(Effect.orDie)

  return {
    insert: flow(insert, Effect.orDie),
    find: flow(find, Effect.orDie),
    knownClient: (address: string, since: DateTime.Utc) =>
      Effect.map(Effect.orDie(knownClient({ address, since })), ({ known }) => known),
    revoke,
    revokeAll
  }
})

export class AdminTokensRepo extends Context.Service<AdminTokensRepo, Effect.Success<typeof make>>()(
  "ai-implement/admin/Authentication/AdminTokensRepo"
) {
  static readonly layer = Layer.effect(AdminTokensRepo, make)
}
