import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { flow } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import { AuditEntry } from "../../domain/Audit.ts"
import { Timestamp } from "../../domain/Text.ts"

export interface AuditFilter {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly subject?: string | undefined
  /** Only entries older than this id. */
  readonly before?: number | undefined
  /** At least 1. */
  readonly limit: number
}

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
  const insert = SqlSchema.findOne({
    Request: Row,
    Result: Schema.Struct({ id: Schema.Int }),
    execute: (row) => sql`insert into audit ${sql.insert(row)} returning id`
  })

  const inTransaction = Effect.flatMap(Effect.serviceOption(sql.transactionService), (transaction) =>
    transaction._tag === "Some"
      ? Effect.void
      : Effect.die("An audit entry has to be written in the transaction of its change")
  )

  const confirm = Effect.fn("Audit.confirm")(
    (id: number) => sql`update audit set after = after - 'confirmed' where id = ${id}`,
    Effect.asVoid,
    Effect.orDie
  )

  const withdraw = Effect.fn("Audit.withdraw")(
    (id: number) => sql`delete from audit where id = ${id}`,
    Effect.asVoid,
    Effect.orDie
  )

  const list = Effect.fn("Audit.list")(({ actor, action, subject, before, limit }: AuditFilter) => {
    const filters = [
      ...(actor === undefined ? [] : [sql`actor_name = ${actor}`]),
      ...(action === undefined ? [] : [sql`action = ${action}`]),
      ...(subject === undefined ? [] : [sql`subject = ${subject}`]),
      ...(before === undefined ? [] : [sql`id < ${before}`])
    ]
    const where = filters.length === 0 ? sql`true` : sql.and(filters)
    return sql`select id, at, action, subject, before, after,
          jsonb_build_object('name', actor_name, 'session', actor_session, 'address', actor_address) as actor
        from audit where ${where} order by id desc limit ${limit}`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(AuditEntry)))
    )
  }, Effect.orDie)

  return {
    insert: flow(
      insert,
      Effect.map(({ id }) => id),
      Effect.orDie
    ),
    inTransaction,
    confirm,
    withdraw,
    list
  }
})

export class AuditRepo extends Context.Service<AuditRepo, Effect.Success<typeof make>>()(
  "ai-implement/admin/Audit/AuditRepo"
) {
  static readonly layer = Layer.effect(AuditRepo, make)
}
