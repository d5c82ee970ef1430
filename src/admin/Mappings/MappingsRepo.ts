import * as Context from "effect/Context"
import { flow } from "effect/Function"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import { ExtraEnv } from "../../domain/ExtraEnv.ts"
import { StoredTeamKey, TeamKey } from "../../domain/Ids.ts"
import { Mapping } from "../../domain/Mapping.ts"

const Written = Schema.Struct({ ...Mapping.fields, extraEnv: Schema.fromJsonString(ExtraEnv) })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const list = SqlSchema.findAll({
    Request: Schema.Void,
    Result: Mapping,
    execute: () => sql`select * from mappings order by created_at desc, team_key`
  })

  const find = SqlSchema.findOneOption({
    Request: TeamKey,
    Result: Mapping,
    execute: (teamKey) => sql`select * from mappings where team_key = ${teamKey}`
  })

  const lockTable = sql`lock table mappings in share row exclusive mode`

  const lockRow = SqlSchema.findOneOption({
    Request: TeamKey,
    Result: Mapping,
    execute: (teamKey) => sql`select * from mappings where team_key = ${teamKey} for update`
  })

  const overlapping = SqlSchema.findAll({
    Request: TeamKey,
    Result: Schema.Struct({ teamKey: StoredTeamKey }),
    execute: (teamKey) => sql`select team_key from mappings
      where team_key <> ${teamKey}
        and (starts_with(team_key || '_', ${`${teamKey}_`}) or starts_with(${`${teamKey}_`}, team_key || '_'))
      order by team_key`
  })

  const globalsOf = SqlSchema.findAll({
    Request: TeamKey,
    Result: Schema.Struct({ name: Schema.String }),
    execute: (teamKey) => sql`select name from secrets
      where team_key is null and starts_with(upper(name), ${`${teamKey}_`}) order by name`
  })

  const secretsOf = SqlSchema.findOne({
    Request: TeamKey,
    Result: Schema.Struct({ secrets: Schema.Int }),
    execute: (teamKey) => sql`select count(*)::int as secrets from secrets where team_key = ${teamKey}`
  })

  const upsert = SqlSchema.void({
    Request: Written,
    execute: (row) => {
      const { teamKey, createdAt, ...changed } = row
      return sql`insert into mappings ${sql.insert(row)}
        on conflict (team_key) do update set ${sql.update(changed)}`
    }
  })

  const remove = SqlSchema.void({
    Request: TeamKey,
    execute: (teamKey) => sql`with gone as (delete from readiness where team_key = ${teamKey})
      delete from mappings where team_key = ${teamKey}`
  })

  const liveDispatches = SqlSchema.findOne({
    Request: TeamKey,
    Result: Schema.Struct({ live: Schema.Int }),
    execute: (teamKey) => sql`select count(*)::int as live from dispatches
      where team_key = ${teamKey} and outcome is null`
  })

  return {
    list: Effect.orDie(list()),
    find: flow(find, Effect.orDie),
    /** Until the transaction ends, no other transaction writes a mapping, and `admit` waits for this one. */
    lock: (teamKey: TeamKey) => Effect.orDie(Effect.andThen(lockTable, lockRow(teamKey))),
    overlapping: flow(overlapping, Effect.orDie),
    globalsOf: flow(globalsOf, Effect.orDie),
    secretsOf: (teamKey: TeamKey) => Effect.map(Effect.orDie(secretsOf(teamKey)), ({ secrets }) => secrets),
    upsert: flow(upsert, Effect.orDie),
    remove: flow(remove, Effect.orDie),
    liveDispatches: (teamKey: TeamKey) =>
      Effect.map(Effect.orDie(liveDispatches(teamKey)), ({ live }) => live)
  }
})

export class MappingsRepo extends Context.Service<MappingsRepo, Effect.Success<typeof make>>()(
  "ai-implement/admin/Mappings/MappingsRepo"
) {
  static readonly layer = Layer.effect(MappingsRepo, make)
}
