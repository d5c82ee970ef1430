import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { DispatchId, type MachineId } from "../../domain/Ids.ts"
import { Timestamp } from "../../domain/Text.ts"
import type { TimelineEvent } from "../dispatches/timelineEvents.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"

export interface ReaperAction {
  readonly app: string
  readonly machineId: MachineId
  readonly dispatchId: DispatchId | null
  readonly reason: string
  readonly dryRun: boolean
}

const App = Schema.Struct({ app: Schema.String })
const isDispatchId = Schema.is(DispatchId)

const DispatchRow = Schema.Struct({
  id: Schema.String,
  issueIdentifier: Schema.String,
  live: Schema.Boolean,
  finishedAt: Schema.NullOr(Timestamp),
  destroying: Schema.Boolean,
  deadlineMinutes: Schema.Int
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const timeline = yield* TimelineRepo

  const apps = sql`select app from machines union
      select fly_app from dispatches where settled_at is null and fly_app is not null`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(App))),
    Effect.map((rows) => rows.map(({ app }) => app)),
    Effect.orDie
  )

  const dispatches = Effect.fn("Reaper.dispatches")(function* (ids: ReadonlyArray<string>) {
    return yield* sql`select d.id, d.issue_identifier, d.outcome is null as live, d.finished_at, d.deadline_minutes,
        exists (select 1 from settlement_effects e
          where e.dispatch_id = d.id and e.effect = 'machine' and e.state = 'pending') as destroying
      from dispatches d where d.id = any(${ids.filter(isDispatchId)}::uuid[])`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(DispatchRow)))
    )
  }, Effect.orDie)

  const record = Effect.fn("Reaper.record")(
    function* ({ app, dispatchId, dryRun, machineId, reason }: ReaperAction, event: TimelineEvent) {
      const at = DateTime.toDateUtc(yield* DateTime.now)
      const recorded =
        yield* sql`insert into reaper_actions (at, app, machine_id, dispatch_id, reason, dry_run)
        select ${at}, ${app}, ${machineId}, ${dispatchId}::uuid, ${reason}, ${dryRun}
        where not exists (select 1 from reaper_actions
          where machine_id = ${machineId} and reason = ${reason} and dry_run = ${dryRun})
        returning id`
      if (recorded.length === 0) return false
      yield* timeline.insert(sql`select id, ${at}, ${event.type}, null, ${event.message},
        ${JSON.stringify(event.facts)}::jsonb from dispatches where id = ${dispatchId}::uuid`)
      return true
    },
    sql.withTransaction,
    Effect.orDie
  )

  return { apps, dispatches, record }
})

export class ReaperRepo extends Context.Service<ReaperRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/sessions/ReaperRepo"
) {
  static readonly layer = Layer.effect(ReaperRepo, make).pipe(Layer.provide(TimelineRepo.layer))
}
