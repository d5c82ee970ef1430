import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { Event } from "../../domain/Event.ts"

/** The database notifies this channel when a transaction with events commits. */
export const eventsChannel = "ai_implement_events"

const Range = Schema.Tuple([Schema.Struct({ oldest: Schema.Int, newest: Schema.Int })])

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // `oldest` is the id after which no event was deleted.
  const range =
    sql`select coalesce(min(id) - 1, 0) as oldest, coalesce(max(id), 0) as newest from events`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Range)),
      Effect.map(([row]) => row),
      Effect.orDie
    )

  const after = Effect.fn("Events.after")(
    (id: number, limit: number) =>
      sql`select id, at, type, subject, data from events where id > ${id} order by id limit ${limit}`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Event)))
      ),
    Effect.orDie
  )

  return { range, after }
})

export class EventsRepo extends Context.Service<EventsRepo, Effect.Success<typeof make>>()(
  "ai-implement/messaging/Events/EventsRepo"
) {
  static readonly layer = Layer.effect(EventsRepo, make)
}
