import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { LastPass } from "../../domain/Overview.ts"
import { Timestamp } from "../../domain/Text.ts"

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const decodeId = Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ id: Schema.String })]))

  /** The id of the pass that waits to be started: an earlier one, else `id`. */
  const request = Effect.fn("Passes.request")(function* (id: string, by: string, now: DateTime.Utc) {
    const [row] = yield* sql`insert into passes (id, requested_at, requested_by)
        values (${id}, ${DateTime.toDateUtc(now)}, ${by})
        on conflict ((true)) where started_at is null do update set requested_by = passes.requested_by
        returning id`.pipe(Effect.flatMap(decodeId))
    return row.id
  }, Effect.orDie)

  const last = sql`select id, started_at, finished_at, ok, candidates, dispatched, error from passes
    where started_at is not null order by started_at desc limit 1`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(LastPass))),
    Effect.map((rows) => rows[0] ?? null),
    Effect.orDie
  )

  const lastGoodAt = sql`select finished_at from passes where ok order by started_at desc limit 1`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ finishedAt: Timestamp })))),
    Effect.map((rows) => rows[0]?.finishedAt ?? null),
    Effect.orDie
  )

  const poller = sql`select poller_holder as holder, poller_next_at as next_at from instance`.pipe(
    Effect.flatMap(
      Schema.decodeUnknownEffect(
        Schema.Tuple([
          Schema.Struct({ holder: Schema.NullOr(Schema.String), nextAt: Schema.NullOr(Timestamp) })
        ])
      )
    ),
    Effect.map(([row]) => row),
    Effect.orDie
  )

  return { request, last, lastGoodAt, poller }
})

export class PassesRepo extends Context.Service<PassesRepo, Effect.Success<typeof make>>()(
  "ai-implement/Passes/PassesRepo"
) {
  static readonly layer = Layer.effect(PassesRepo, make)
}
