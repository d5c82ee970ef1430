import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { resetAfter, knownFor } from "../../admin/Authentication/lockout.ts"

const minRetained = 500
const maxBatch = 1000

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // One statement deletes one batch, so no transaction holds its locks for long.
  const all = Effect.fnUntraced(function* <E>(batch: Effect.Effect<ReadonlyArray<unknown>, E>) {
    while ((yield* batch).length === maxBatch) yield* Effect.yieldNow
  })

  // Settled dispatches that ended before, but never one of the newest 500; and other rows of that age.
  const deleteOlderThan = Effect.fn("Retention.deleteOlderThan")(function* (before: DateTime.Utc) {
    const at = DateTime.toDateUtc(before)
    yield* all(sql`delete from dispatches where id in (select id from dispatches
        where settled_at < ${at} and workflow_cleared_at is not null
          and id < (select min(id::text)::uuid from (select id from dispatches order by id desc limit ${minRetained}) as newest)
        order by id limit ${maxBatch}) returning 1`)
    yield* all(sql`delete from audit where ctid = any(array(
      select ctid from audit where at < ${at} limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from comment_triggers where ctid = any(array(
      select ctid from comment_triggers where received_at < ${at} and state <> 'pending' limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from notifications where ctid = any(array(
      select ctid from notifications where created_at < ${at} and state <> 'pending' limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from reaper_actions where ctid = any(array(
      select ctid from reaper_actions where at < ${at} limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from plans where ctid = any(array(
      select p.ctid from plans p where p.finished_at < ${at}
        and not exists (select 1 from dispatches d where d.issue_id = p.issue_id)
        and not exists (select 1 from issues i where i.issue_id = p.issue_id and i.candidate)
      limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from issues where ctid = any(array(
      select i.ctid from issues i where i.seen_at < ${at}
        and not exists (select 1 from decisions d where d.issue_id = i.issue_id)
      limit ${maxBatch})) returning 1`)
  }, Effect.orDie)

  const deleteFailuresOfGone = sql`delete from issue_failures f using issues i
    where i.issue_id = f.issue_id and i.missing >= 2
      and not exists (select 1 from dispatches d where d.issue_id = f.issue_id and d.settled_at is null)`.pipe(
    Effect.orDie,
    Effect.withSpan("Retention.deleteFailuresOfGone")
  )

  const deleteHoldsOfGone = sql`delete from issue_holds h using issues i
    where i.issue_id = h.issue_id and i.missing >= 2`.pipe(
    Effect.orDie,
    Effect.withSpan("Retention.deleteHoldsOfGone")
  )

  const deleteExpired = Effect.fn("Retention.deleteExpired")(function* (now: DateTime.Utc) {
    const before = (age: Duration.Duration) => DateTime.toDateUtc(DateTime.subtractDuration(now, age))
    const old = before(Duration.days(7))
    yield* all(sql`delete from used_tokens where ctid = any(array(
      select ctid from used_tokens where expires_at < ${DateTime.toDateUtc(now)} limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from dispatch_logs where ctid = any(array(
      select ctid from dispatch_logs where at < ${old} limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from webhook_deliveries where ctid = any(array(
      select ctid from webhook_deliveries where received_at < ${old} limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from events where ctid = any(array(
      select ctid from events where at < ${before(Duration.days(1))} limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from admin_sessions where ctid = any(array(
      select ctid from admin_sessions where created_at < ${before(knownFor)} limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from auth_attempts where ctid = any(array(
      select ctid from auth_attempts where updated_at < ${before(resetAfter)} limit ${maxBatch})) returning 1`)
    yield* all(sql`delete from auth_failures where ctid = any(array(
      select ctid from auth_failures where at < ${before(Duration.hours(1))} limit ${maxBatch})) returning 1`)
  }, Effect.orDie)

  return { deleteOlderThan, deleteFailuresOfGone, deleteHoldsOfGone, deleteExpired }
})

export class RetentionRepo extends Context.Service<RetentionRepo, Effect.Success<typeof make>>()(
  "ai-implement/operations/Retention/RetentionRepo"
) {
  static readonly layer = Layer.effect(RetentionRepo, make)
}
