import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { Budget } from "../../domain/Overview.ts"
import { Upstream } from "../../domain/Reason.ts"
import { Timestamp } from "../../domain/Text.ts"
import type { Health } from "./health.ts"

const StateRow = Schema.Struct({
  name: Upstream,
  state: Schema.Literals(["ok", "degraded", "down"]),
  since: Timestamp,
  error: Schema.NullOr(Schema.String)
})

const BudgetRow = Schema.Struct({ upstream: Upstream, ...Budget.fields })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const saveState = Effect.fn("Upstreams.saveState")(
    (name: Upstream, health: Health) =>
      sql`insert into upstreams (name, state, since, error)
        values (${name}, ${health.state}, ${DateTime.toDateUtc(health.since)}, ${health.error})
        on conflict (name) do update set state = excluded.state, error = excluded.error,
          since = case when upstreams.state = excluded.state then upstreams.since else excluded.since end`,
    Effect.orDie
  )

  const saveBudget = Effect.fn("Upstreams.saveBudget")(
    (name: Upstream, budget: Budget) =>
      sql`insert into upstream_budgets (upstream, kind, "limit", remaining, reset_at)
        values (${name}, ${budget.kind}, ${budget.limit}, ${budget.remaining}, ${DateTime.toDateUtc(budget.resetAt)})
        on conflict (upstream, kind) do update set "limit" = excluded."limit", remaining = excluded.remaining,
          reset_at = excluded.reset_at`,
    Effect.orDie
  )

  const states = sql`select name, state, since, error from upstreams`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(StateRow))),
    Effect.orDie
  )

  const budgets =
    sql`select upstream, kind, "limit", remaining, reset_at from upstream_budgets order by kind`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(BudgetRow))),
      Effect.orDie
    )

  return { saveState, saveBudget, states, budgets }
})

export class UpstreamsRepo extends Context.Service<UpstreamsRepo, Effect.Success<typeof make>>()(
  "ai-implement/upstreams/health/UpstreamsRepo"
) {
  static readonly layer = Layer.effect(UpstreamsRepo, make)
}
