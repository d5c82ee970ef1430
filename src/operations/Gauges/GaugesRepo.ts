import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"

const Counted = Schema.Struct({
  what: Schema.Literals(["live", "settlement", "notifications"]),
  state: Schema.String,
  count: Schema.Int
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const counts = sql`
    select 'live' as what, state, count(d.id)::int as count
      from unnest(array['reserved', 'launching', 'uncertain', 'running', 'stopping']) as state
        left join dispatches d on d.status = state and d.outcome is null group by state
    union all select 'settlement', state, count(e.effect)::int
      from unnest(array['pending', 'given_up']) as state
        left join settlement_effects e using (state) group by state
    union all select 'notifications', state, count(n.id)::int
      from unnest(array['pending', 'given_up']) as state
        left join notifications n using (state) group by state`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Counted))),
    Effect.orDie
  )

  return { counts }
})

export class GaugesRepo extends Context.Service<GaugesRepo, Effect.Success<typeof make>>()(
  "ai-implement/operations/Gauges/GaugesRepo"
) {
  static readonly layer = Layer.effect(GaugesRepo, make)
}
