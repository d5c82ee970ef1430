import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Statement from "effect/sql/Statement"
import type { TimelineEvent } from "./timelineEvents.ts"
import type { DispatchId } from "../../domain/Ids.ts"

const maxSteps = 100

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const date = Effect.map(DateTime.now, DateTime.toDateUtc)

  const insert = (rows: Statement.Fragment) =>
    sql`insert into dispatch_events (dispatch_id, at, type, actor, message, facts) ${rows}`

  const values = (at: Date, { actor, facts, message, type }: TimelineEvent) =>
    sql`${at}::timestamptz, ${type}, ${actor ?? null}, ${message}, ${JSON.stringify(facts ?? {})}::jsonb`

  const recordChange = Effect.fnUntraced(function* (
    update: Statement.Fragment,
    event: TimelineEvent,
    dispatchId: "id" | "dispatch_id" = "id"
  ) {
    const id = sql(dispatchId)
    return yield* sql`with changed as (${update} returning *),
      noted as (${insert(sql`select ${id}, ${values(yield* date, event)} from changed where ${id} is not null`)})
      select * from changed`
  })

  const add = Effect.fn("Timeline.add")(function* (id: DispatchId, event: TimelineEvent) {
    yield* insert(sql`select ${id}::uuid, ${values(yield* date, event)}`)
  }, Effect.orDie)

  const addOnce = Effect.fn("Timeline.addOnce")(function* (id: DispatchId, event: TimelineEvent) {
    yield* insert(sql`select ${id}::uuid, ${values(yield* date, event)}
      where not exists (select 1 from dispatch_events
        where dispatch_id = ${id} and type = ${event.type} and message = ${event.message})`)
  }, Effect.orDie)

  const addStep = Effect.fn("Timeline.addStep")(function* (id: DispatchId, step: string) {
    yield* insert(sql`select ${id}::uuid, ${values(yield* date, { type: "step", message: step })}
      where (select count(*) from dispatch_events where dispatch_id = ${id} and type = 'step') < ${maxSteps}
        and ${step} is distinct from (select message from dispatch_events
          where dispatch_id = ${id} and type = 'step' order by id desc limit 1)`)
  }, Effect.orDie)

  return { insert, recordChange, add, addOnce, addStep }
})

/** The timeline of every dispatch: the only writer of its events. */
export class TimelineRepo extends Context.Service<TimelineRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/TimelineRepo"
) {
  static readonly layer = Layer.effect(TimelineRepo, make)
}
