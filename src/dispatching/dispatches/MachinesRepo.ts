import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import * as SqlClient from "effect/sql/SqlClient"
import { DispatchId, type MachineId, StoredIssueId } from "../../domain/Ids.ts"
import { RunOf, Session, sessionStates } from "../../domain/Session.ts"
import { JsonTimestamp } from "../../domain/Text.ts"
import type { Machine } from "../../upstreams/fly/machine.ts"

const isDispatchId = Schema.is(DispatchId)
const nullableDate = (at: DateTime.Utc | null) => (at === null ? null : DateTime.toDateUtc(at))

const App = Schema.Struct({ app: Schema.String })

const SessionRow = Schema.Struct({
  ...Struct.omit(Session.fields, Struct.keys(RunOf.fields)),
  runOf: RunOf
})

const Found = Schema.Struct({
  app: Schema.NullOr(Schema.String),
  seen: Schema.Boolean,
  dispatch: Schema.NullOr(
    Schema.Struct({
      id: DispatchId,
      issueId: StoredIssueId,
      live: Schema.Boolean,
      settled: Schema.Boolean,
      latest: Schema.Boolean
    })
  )
})
export type Found = typeof Found.Type

const Progress = Schema.Struct({
  ended: Schema.Boolean,
  inDedup: Schema.Boolean,
  effects: Schema.Array(Schema.Struct({ effect: Schema.String, state: Schema.String, nextAt: JsonTimestamp }))
})
export type Progress = typeof Progress.Type

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const upsert = Effect.fn("Machines.upsert")(
    function* (
      app: string,
      machines: ReadonlyArray<{ readonly machine: Machine; readonly dispatchId: DispatchId | null }>
    ) {
      const seenAt = DateTime.toDateUtc(yield* DateTime.now)
      const ids = machines.map(({ machine }) => machine.id)
      yield* sql`delete from machines where app = ${app} and machine_id <> all(${ids}::text[])`
      if (!Arr.isReadonlyArrayNonEmpty(machines)) return
      const rows = Arr.map(machines, ({ machine, dispatchId }) => ({
        machineId: machine.id,
        app,
        name: machine.name,
        state: machine.state,
        region: machine.region,
        cpus: machine.cpus,
        memoryMb: machine.memoryMb,
        createdAt: nullableDate(machine.createdAt),
        updatedAt: nullableDate(machine.updatedAt),
        dispatchId: isDispatchId(dispatchId) ? dispatchId : null,
        seenAt
      }))
      yield* sql`insert into machines ${sql.insert(rows)} on conflict (machine_id) do update set app = excluded.app, name = excluded.name, state = excluded.state,
        region = excluded.region, cpus = excluded.cpus, memory_mb = excluded.memory_mb,
        created_at = coalesce(excluded.created_at, machines.created_at), updated_at = excluded.updated_at,
        dispatch_id = excluded.dispatch_id, seen_at = excluded.seen_at`
    },
    sql.withTransaction,
    Effect.orDie
  )

  const apps = sql`select distinct app from machines`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(App))),
    Effect.map((rows) => rows.map(({ app }) => app)),
    Effect.orDie,
    Effect.withSpan("Machines.apps")
  )

  const sessions =
    sql`select m.machine_id, m.name, m.state, m.region, m.cpus, m.memory_mb, m.created_at, m.updated_at,
      jsonb_strip_nulls(jsonb_build_object('dispatchId', d.id, 'issueId', d.issue_id,
        'issueIdentifier', d.issue_identifier, 'issueTitle', d.issue_title, 'teamKey', d.team_key,
        'repo', d.owner || '/' || d.repo)) as run_of
    from machines m left join dispatches d on d.id = m.dispatch_id
    where m.state = any(${sessionStates})
    order by m.created_at desc nulls last, m.machine_id`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(SessionRow))),
      Effect.map((rows) => rows.map(({ runOf, ...machine }): Session => ({ ...machine, ...runOf }))),
      Effect.orDie,
      Effect.withSpan("Machines.sessions")
    )

  const find = Effect.fn("Machines.find")(function* (machineId: MachineId) {
    const [found] = yield* sql`
      with seen as (select app, dispatch_id from machines where machine_id = ${machineId})
      select coalesce(seen.app, d.fly_app) as app, seen.app is not null as seen,
        case when d.id is null then null else jsonb_build_object('id', d.id, 'issueId', d.issue_id,
          'live', d.outcome is null, 'settled', d.settled_at is not null,
          'latest', not exists (select 1 from dispatches l where l.issue_id = d.issue_id and l.id > d.id)) end as dispatch
      from (select) as one left join seen on true
        left join lateral (select * from dispatches
          where id = seen.dispatch_id or (run ->> 'kind' = 'fly' and run ->> 'machineId' = ${machineId})
          order by id desc limit 1) as d on true`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Tuple([Found])))
    )
    return found
  }, Effect.orDie)

  const progress = Effect.fn("Machines.progress")(function* (dispatchId: DispatchId) {
    const [progress] = yield* sql`select d.outcome is not null as ended,
        exists (select 1 from dedup x where x.issue_id = d.issue_id) as in_dedup,
        coalesce((select jsonb_agg(jsonb_build_object('effect', e.effect, 'state', e.state, 'nextAt', e.next_at))
          from settlement_effects e where e.dispatch_id = d.id), '[]'::jsonb) as effects
      from dispatches d where d.id = ${dispatchId}`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Tuple([Progress])))
    )
    return progress
  }, Effect.orDie)

  return { upsert, apps, sessions, find, progress }
})

export class MachinesRepo extends Context.Service<MachinesRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/MachinesRepo"
) {
  static readonly layer = Layer.effect(MachinesRepo, make)
}
