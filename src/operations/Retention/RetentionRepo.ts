import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { resetAfter, knownFor } from "../../admin/Authentication/lockout.ts"

const minRetained = 500

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // Settled dispatches that ended before, but never one of the newest 500; and other rows of that age.
  const deleteOlderThan = Effect.fn("Retention.deleteOlderThan")(
    function* (before: DateTime.Utc) {
      const at = DateTime.toDateUtc(before)
      yield* sql`delete from dispatches where settled_at < ${at} and workflow_cleared_at is not null
        and id < (select min(id::text)::uuid from (select id from dispatches order by id desc limit ${minRetained}) as newest)`
      yield* sql`delete from audit where at < ${at}`
      yield* sql`delete from comment_triggers where received_at < ${at} and state <> 'pending'`
      yield* sql`delete from notifications where created_at < ${at} and state <> 'pending'`
      yield* sql`delete from reaper_actions where at < ${at}`
      yield* sql`delete from plans p where p.finished_at < ${at}
        and not exists (select 1 from dispatches d where d.issue_id = p.issue_id)
        and not exists (select 1 from issues i where i.issue_id = p.issue_id and i.candidate)`
      yield* sql`delete from issues i where i.seen_at < ${at}
        and not exists (select 1 from decisions d where d.issue_id = i.issue_id)`
    },
    sql.withTransaction,
    Effect.orDie
  )

  const deleteFailuresOfGone = sql`delete from issue_failures f using issues i
    where i.issue_id = f.issue_id and i.missing >= 2
      and not exists (select 1 from dispatches d where d.issue_id = f.issue_id and d.settled_at is null)`.pipe(
    Effect.orDie,
    Effect.withSpan("Retention.deleteFailuresOfGone")
  )

  const deleteExpired = Effect.fn("Retention.deleteExpired")(function* (now: DateTime.Utc) {
    const before = (age: Duration.Duration) => DateTime.toDateUtc(DateTime.subtractDuration(now, age))
    const old = before(Duration.days(7))
    yield* sql`delete from used_tokens where expires_at < ${DateTime.toDateUtc(now)}`
    yield* sql`delete from dispatch_logs where at < ${old}`
    yield* sql`delete from webhook_deliveries where received_at < ${old}`
    yield* sql`delete from events where at < ${before(Duration.days(1))}`
    yield* sql`delete from admin_sessions where created_at < ${before(knownFor)}`
    yield* sql`delete from auth_attempts where updated_at < ${before(resetAfter)}`
    yield* sql`delete from auth_failures where at < ${before(Duration.hours(1))}`
  }, Effect.orDie)

  return { deleteOlderThan, deleteFailuresOfGone, deleteExpired }
})

export class RetentionRepo extends Context.Service<RetentionRepo, Effect.Success<typeof make>>()(
  "ai-implement/operations/Retention/RetentionRepo"
) {
  static readonly layer = Layer.effect(RetentionRepo, make)
}
