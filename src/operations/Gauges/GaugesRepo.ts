import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { ReasonTag, Upstream } from "../../domain/Reason.ts"

const Counted = Schema.Struct({
  what: Schema.Literals(["live", "settlement", "notifications", "waiting", "down"]),
  state: Schema.String,
  count: Schema.Int
})

const Ages = Schema.Tuple([Schema.Struct({ settlement: Schema.Finite })])

const BudgetLeft = Schema.Struct({ upstream: Upstream, kind: Schema.String, left: Schema.Finite })

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
        left join notifications n using (state) group by state
    union all select 'waiting', tag, count(d.issue_id)::int
      from unnest(${ReasonTag.literals}::text[]) as tag
        left join decisions d on d.reason ->> '_tag' = tag and d.decision = 'wait' group by tag
    union all select 'down', upstream, count(u.name)::int
      from unnest(${Upstream.literals}::text[]) as upstream
        left join upstreams u on u.name = upstream and u.state = 'down' group by upstream`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Counted))),
    Effect.orDie
  )

  const ages = sql`
    select coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as settlement
      from settlement_effects where state = 'pending'`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Ages)),
    Effect.map(([row]) => row),
    Effect.orDie
  )

  const budgets = sql`
    select upstream, kind, case when reset_at <= now() or "limit" <= 0 then 1 else remaining / "limit" end as "left"
      from upstream_budgets`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(BudgetLeft))),
    Effect.orDie
  )

  return { counts, ages, budgets }
})

export class GaugesRepo extends Context.Service<GaugesRepo, Effect.Success<typeof make>>()(
  "ai-implement/operations/Gauges/GaugesRepo"
) {
  static readonly layer = Layer.effect(GaugesRepo, make)
}
