import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import { Overview } from "../../domain/Overview.ts"
import { ReasonTag } from "../../domain/Reason.ts"
import { Timestamp } from "../../domain/Text.ts"
import { StoredTeamKey } from "../../domain/Ids.ts"

const Waiting = Schema.Struct({ teamKey: StoredTeamKey, reason: ReasonTag, count: Schema.Int })
const { timed_out: timedOut, ...hour } = Overview.fields.outcomes24h.value.fields
const OutcomeHour = Schema.Struct({ ...hour, timedOut })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const waiting = SqlSchema.findAll({
    Request: Schema.Void,
    Result: Waiting,
    execute: () => sql`select i.team_key, d.reason ->> '_tag' as reason, count(*)::int as count
      from decisions d join issues i using (issue_id)
      where d.decision = 'wait' and d.reason is not null
      group by 1, 2 order by 3 desc, 2`
  })

  const outcomes = SqlSchema.findAll({
    Request: Schema.Struct({ from: Timestamp, to: Timestamp }),
    Result: OutcomeHour,
    execute: ({ from, to }) => {
      const ended = (kind: string) =>
        sql`count(*) filter (where d.outcome ->> 'kind' = ${kind})::int as ${sql(kind)}`
      return sql`select h.hour, ${sql.csv(["delivered", "failed", "lost", "timed_out", "cancelled"].map(ended))}
        from generate_series(${from}::timestamptz, ${to}::timestamptz, interval '1 hour') as h (hour)
        left join dispatches d on d.finished_at >= h.hour and d.finished_at < h.hour + interval '1 hour'
        group by h.hour order by h.hour`
    }
  })

  const notifications = SqlSchema.findOne({
    Request: Schema.Void,
    Result: Overview.fields.notifications,
    execute: () => sql`select count(*) filter (where state = 'pending')::int as pending,
        count(*) filter (where state = 'given_up')::int as set_aside,
        (array_agg(last_error order by id desc) filter (where last_error is not null))[1] as last_error
      from notifications where state <> 'sent'`
  })

  return {
    waiting: Effect.orDie(waiting()),
    notifications: Effect.orDie(notifications()),
    /** One entry for each hour, the current one last. */
    outcomes: (now: DateTime.Utc) => {
      const to = DateTime.startOf(now, "hour")
      return Effect.orDie(outcomes({ from: DateTime.subtract(to, { hours: 23 }), to })).pipe(
        Effect.map((rows) => rows.map(({ timedOut, ...row }) => ({ ...row, timed_out: timedOut })))
      )
    }
  }
})

export class OverviewRepo extends Context.Service<OverviewRepo, Effect.Success<typeof make>>()(
  "ai-implement/operations/Overview/OverviewRepo"
) {
  static readonly layer = Layer.effect(OverviewRepo, make)
}
