import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import type { Pause } from "../../domain/Settings.ts"
import { Timestamp } from "../../domain/Text.ts"
import type { Identity } from "./identity.ts"

const PauseRow = Schema.Struct({
  pausedAt: Schema.NullOr(Timestamp),
  pausedBy: Schema.NullOr(Schema.String),
  pausedReason: Schema.NullOr(Schema.String)
})

const toPause = ({ pausedAt, pausedBy, pausedReason }: typeof PauseRow.Type): Pause | null =>
  pausedAt === null ? null : { at: pausedAt, by: pausedBy, reason: pausedReason }

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const orchestratorId = SqlSchema.findOne({
    Request: Schema.Void,
    Result: Schema.Struct({ orchestratorId: Schema.String }),
    execute: () => sql`select orchestrator_id from instance`
  })

  const readPause = SqlSchema.findOne({
    Request: Schema.Void,
    Result: PauseRow,
    execute: () => sql`select paused_at, paused_by, paused_reason from instance`
  })

  const lockPause = SqlSchema.findOne({
    Request: Schema.Void,
    Result: PauseRow,
    execute: () => sql`select paused_at, paused_by, paused_reason from instance for update`
  })

  const setPause = Effect.fnUntraced(function* (pause: Pause | null) {
    yield* sql`update instance set
      paused_at = ${pause === null ? null : DateTime.toDateUtc(pause.at)},
      paused_by = ${pause?.by ?? null}, paused_reason = ${pause?.reason ?? null}`
  }, Effect.orDie)

  const lockIdentity = SqlSchema.findOne({
    Request: Schema.Void,
    Result: Schema.Struct({
      publicUrl: Schema.NullOr(Schema.String),
      databaseIdentity: Schema.NullOr(Schema.String)
    }),
    execute: () => sql`select public_url, database_identity from instance for update`
  })

  const recordIdentity = Effect.fnUntraced(function* ({ database, publicUrl }: Identity) {
    yield* sql`update instance set public_url = coalesce(${publicUrl}, public_url),
      database_identity = coalesce(${database}, database_identity)`
  }, Effect.orDie)

  const databaseIdentity = sql`select system_identifier::text || '/' || (
      select oid::text from pg_database where datname = current_database()) as identity
    from pg_control_system()`.pipe(
    Effect.flatMap(
      Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ identity: Schema.NullOr(Schema.String) })]))
    ),
    Effect.map(([row]) => row.identity),
    // A refusal must not end a transaction around it.
    sql.withTransaction,
    Effect.orElseSucceed(() => null)
  )

  const exchange = SqlSchema.findOneOption({
    Request: Schema.String,
    Result: Schema.Struct({ previous: Schema.NullOr(Schema.String) }),
    execute: (digest) => sql`
      with before as (select access_code_digest from instance for update)
      update instance set access_code_digest = ${digest} from before
      where before.access_code_digest is distinct from ${digest}
      returning before.access_code_digest as previous`
  })

  const exchangeAccessCodeDigest = Effect.fnUntraced(function* (digest: string) {
    const exchanged = yield* exchange(digest)
    return exchanged._tag === "Some" && exchanged.value.previous !== null
  }, Effect.orDie)

  return {
    orchestratorId: Effect.map(Effect.orDie(orchestratorId()), (row) => row.orchestratorId),
    pause: Effect.map(Effect.orDie(readPause()), toPause),
    lockPause: Effect.map(Effect.orDie(lockPause()), toPause),
    setPause,
    lockIdentity: Effect.map(
      Effect.orDie(lockIdentity()),
      ({ databaseIdentity: database, publicUrl }): Identity => ({ database, publicUrl })
    ),
    recordIdentity,
    databaseIdentity,
    exchangeAccessCodeDigest
  }
})

export class InstanceRepo extends Context.Service<InstanceRepo, Effect.Success<typeof make>>()(
  "ai-implement/admin/Instance/InstanceRepo"
) {
  static readonly layer = Layer.effect(InstanceRepo, make)
}
