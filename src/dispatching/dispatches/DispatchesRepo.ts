import * as Context from "effect/Context"
import type { DispatchStatus } from "../../domain/DispatchStatus.ts"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { Dispatch, DispatchEvent, Logs } from "../../domain/Dispatch.ts"
import { maxLogLines } from "./RunLogRepo.ts"
import type { DispatchId, IssueId } from "../../domain/Ids.ts"

export interface LogFilter {
  readonly team?: string | undefined
  readonly status?: DispatchStatus | undefined
  readonly issue?: string | undefined
  /** Only dispatches older than this id. */
  readonly before?: string | undefined
  /** At least 1. */
  readonly limit: number
}

const { pullRequest: _, pending: __, ...own } = Dispatch.fields
const ownFields = Object.keys(own)

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const decode = Schema.decodeUnknownEffect(Schema.Array(Dispatch))

  const columns = sql.csv(ownFields.map((field) => sql`d.${sql(field)}`))

  const shown = sql`select ${columns},
    (select jsonb_build_object('number', p.number, 'url', p.url, 'state', p.state, 'draft', p.draft)
      from pull_requests p where p.dispatch_id = d.id order by p.number desc limit 1) as pull_request,
    case when d.settled_at is not null then '[]'::jsonb else coalesce((
      select jsonb_agg(jsonb_build_object('effect', e.effect, 'attempts', e.attempts, 'nextAt', e.next_at,
        'lastError', e.last_error) order by e.effect)
      from settlement_effects e where e.dispatch_id = d.id and e.state = 'pending'), '[]'::jsonb) end as pending
    from dispatches d`

  const log = Effect.fn("Log.log")(function* ({ team, status, issue, before, limit }: LogFilter) {
    const filters = [
      ...(team === undefined ? [] : [sql`d.team_key = ${team}`]),
      ...(status === undefined ? [] : [sql`d.status = ${status}`]),
      ...(issue === undefined
        ? []
        : [sql`(d.issue_id = ${issue.toLowerCase()} or upper(d.issue_identifier) = ${issue.toUpperCase()})`]),
      ...(before === undefined ? [] : [sql`d.id < ${before}`])
    ]
    const where = filters.length === 0 ? sql`true` : sql.and(filters)
    return yield* sql`${shown} where ${where} order by d.id desc limit ${limit}`.pipe(Effect.flatMap(decode))
  }, Effect.orDie)

  const find = Effect.fn("Log.find")(function* (id: DispatchId) {
    const rows = yield* sql`${shown} where d.id = ${id}`.pipe(Effect.flatMap(decode))
    return rows[0] ?? null
  }, Effect.orDie)

  const events = Effect.fn("Log.events")(
    (id: DispatchId) =>
      sql`select id, dispatch_id, at, type, actor, message, facts from dispatch_events
        where dispatch_id = ${id} order by id`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(DispatchEvent)))
      ),
    Effect.orDie
  )

  const lines = Effect.fn("Log.lines")(
    (id: DispatchId) =>
      sql`select at, text from (select id, at, text from dispatch_logs where dispatch_id = ${id}
        order by id desc limit ${maxLogLines}) as last order by id`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(Logs.fields.lines))
      ),
    Effect.orDie
  )

  const isLatest = Effect.fn("Log.isLatest")(function* (id: DispatchId, issueId: IssueId) {
    const newer = yield* sql`select 1 from dispatches where issue_id = ${issueId} and id > ${id} limit 1`
    return newer.length === 0
  }, Effect.orDie)

  return { log, find, events, lines, isLatest }
})

export class DispatchesRepo extends Context.Service<DispatchesRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/DispatchesRepo"
) {
  static readonly layer = Layer.effect(DispatchesRepo, make)
}
