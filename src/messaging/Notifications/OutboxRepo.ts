import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import { AppConfig } from "../../platform/Config.ts"
import { Signals } from "../../platform/Signals.ts"
import { Timestamp } from "../../domain/Text.ts"
import { Notice } from "./Notice.ts"

const Row = Schema.Struct({
  id: Schema.String,
  body: Notice,
  attempts: Schema.Int,
  createdAt: Timestamp
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const signals = yield* Signals
  const { NOTIFY_WEBHOOK_URL } = yield* AppConfig
  const decode = Schema.decodeUnknownEffect(Schema.Array(Row))
  const date = DateTime.toDateUtc

  // Called within the transaction of the change it reports.
  const add = Effect.fn("Outbox.add")(function* (key: string, notice: Notice) {
    if (NOTIFY_WEBHOOK_URL === null) return
    const now = date(yield* DateTime.now)
    yield* sql`insert into notifications ${sql.insert({
      id: yield* random.uuidV7(),
      key,
      kind: notice.kind,
      body: JSON.stringify(notice),
      state: "pending",
      nextAt: now,
      createdAt: now
    })} on conflict (key) do nothing`
    yield* signals.notify("notifications")
  })

  // Claims the most overdue row by storing when it is due again.
  const take = Effect.fn("Outbox.take")(function* (retryAt: (attempts: number) => DateTime.Utc) {
    const now = date(yield* DateTime.now)
    const due = yield* sql`select id, body, attempts, created_at from notifications
      where state = 'pending' and next_at <= ${now} order by next_at, id limit 1`.pipe(Effect.flatMap(decode))
    const [row] = due
    if (row === undefined) return null
    const attempts = row.attempts + 1
    const taken =
      yield* sql`update notifications set attempts = ${attempts}, next_at = ${date(retryAt(attempts))}
      where id = ${row.id} and state = 'pending' and attempts = ${row.attempts} returning id`
    return taken.length === 0 ? null : { ...row, attempts }
  }, Effect.orDie)

  const sent = Effect.fn("Outbox.sent")(function* (id: string) {
    yield* sql`update notifications set state = 'sent', last_error = null, finished_at = ${date(yield* DateTime.now)}
      where id = ${id} and state = 'pending'`
  }, Effect.orDie)

  const failed = Effect.fn("Outbox.failed")(function* (id: string, error: string, notBefore: DateTime.Utc) {
    yield* sql`update notifications set last_error = ${error}, next_at = greatest(next_at, ${date(notBefore)})
      where id = ${id} and state = 'pending'`
  }, Effect.orDie)

  const giveUp = Effect.fn("Outbox.giveUp")(function* (id: string, error: string | null) {
    yield* sql`update notifications set state = 'given_up', last_error = coalesce(${error}, last_error),
      finished_at = ${date(yield* DateTime.now)} where id = ${id} and state = 'pending'`
  }, Effect.orDie)

  return { add, take, sent, failed, giveUp }
})

export class OutboxRepo extends Context.Service<OutboxRepo, Effect.Success<typeof make>>()(
  "ai-implement/messaging/Notifications/OutboxRepo"
) {
  static readonly layer = Layer.effect(OutboxRepo, make)
}
