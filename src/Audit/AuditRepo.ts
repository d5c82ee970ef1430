import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { flow } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import { Timestamp } from "../domain/Text.ts"

const Row = Schema.Struct({
  at: Timestamp,
  actorName: Schema.NullOr(Schema.String),
  actorSession: Schema.NullOr(Schema.String),
  actorAddress: Schema.NullOr(Schema.String),
  action: Schema.String,
  subject: Schema.String,
  before: Schema.NullOr(Schema.fromJsonString(Schema.Json)),
  after: Schema.NullOr(Schema.fromJsonString(Schema.Json))
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const insert = SqlSchema.void({ Request: Row, execute: (row) => sql`insert into audit ${sql.insert(row)}` })
  return { insert: flow(insert, Effect.orDie) }
})

export class AuditRepo extends Context.Service<AuditRepo, Effect.Success<typeof make>>()(
  "ai-implement/Audit/AuditRepo"
) {
  static readonly layer = Layer.effect(AuditRepo, make)
}
