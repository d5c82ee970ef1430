import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Statement from "effect/sql/Statement"
import type { Run } from "../../domain/Dispatch.ts"
import { startedNotice } from "./notices.ts"
import { OutboxRepo } from "../../messaging/Notifications/OutboxRepo.ts"
import type { Report } from "../../domain/Report.ts"
import { DispatchRow, type StopReason } from "./DispatchRow.ts"

interface Event {
  readonly type: string
  readonly actor?: string
  readonly message: string
  readonly facts?: Schema.JsonObject
}

export interface StopRequest {
  readonly by: string
  readonly reason: StopReason
  readonly message: string
}

const maxSteps = 100

const decodeRows = Schema.decodeUnknownEffect(Schema.Array(DispatchRow))
const date = DateTime.toDateUtc

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const outbox = yield* OutboxRepo

  const find = Effect.fn("Transitions.find")(function* (id: string) {
    const rows = yield* sql`select * from dispatches where id = ${id}`.pipe(Effect.flatMap(decodeRows))
    return rows[0] ?? null
  }, Effect.orDie)

  /** Changes the row and writes its event in one statement; null when the row was no longer as `where` says. */
  const transition = Effect.fnUntraced(function* (
    where: Statement.Fragment,
    set: Statement.Fragment,
    event: Event
  ) {
    const now = yield* DateTime.now
    const rows = yield* sql`
      with changed as (update dispatches set ${set} where ${where} returning *),
      noted as (
        insert into dispatch_events (dispatch_id, at, type, actor, message, facts)
        select id, ${date(now)}, ${event.type}, ${event.actor ?? null}, ${event.message},
          ${JSON.stringify(event.facts ?? {})}::jsonb
        from changed
      )
      select * from changed`.pipe(Effect.flatMap(decodeRows))
    return rows[0] ?? null
  }, Effect.orDie)

  /** The next launch attempt, held until `leaseUntil`. Only the holder of attempt `previous` may take it. */
  const beginLaunch = Effect.fn("Transitions.beginLaunch")(
    (id: string, previous: number, leaseUntil: DateTime.Utc, undeclaredInputs: ReadonlyArray<string>) =>
      transition(
        sql`id = ${id} and status in ('reserved', 'launching', 'uncertain') and launch_attempt = ${previous}
          and outcome is null and stop_requested_at is null`,
        sql`status = 'launching', launch_attempt = launch_attempt + 1, launch_lease_until = ${date(leaseUntil)},
          launch_resends = launch_resends + case when status = 'uncertain' then 1 else 0 end, launch_lookups = 0, launch_looked_up_at = null,
          launch_undeclared_inputs = ${JSON.stringify(undeclaredInputs)}`,
        {
          type: "launching",
          message: previous === 0 ? "Launch began" : `Launch attempt ${previous + 1} began`,
          facts: { attempt: previous + 1 }
        }
      )
  )

  /** The attempt certainly did not reach the other side: the dispatch queues again. */
  const release = Effect.fn("Transitions.release")((id: string, attempt: number, why: string) =>
    transition(
      sql`id = ${id} and status = 'launching' and launch_attempt = ${attempt} and outcome is null`,
      sql`status = 'reserved', launch_lease_until = null`,
      { type: "not_sent", message: why, facts: { attempt } }
    )
  )

  /** The attempt was refused for inputs the workflow does not declare: the next one leaves them out. */
  const noteUndeclaredInputs = Effect.fn("Transitions.noteUndeclaredInputs")(
    (id: string, attempt: number, inputs: ReadonlyArray<string>) =>
      transition(
        sql`id = ${id} and status = 'launching' and launch_attempt = ${attempt} and outcome is null`,
        sql`status = 'reserved', launch_lease_until = null, launch_undeclared_inputs = ${JSON.stringify(inputs)}`,
        {
          type: "undeclared_inputs",
          message: `The workflow does not declare ${inputs.join(", ")}; sending again without`,
          facts: { inputs }
        }
      )
  )

  /** The attempt may have reached the other side: only look-ups may go on. */
  const markUncertain = Effect.fn("Transitions.markUncertain")(function* (
    id: string,
    attempt: number,
    why: string
  ) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and status = 'launching' and launch_attempt = ${attempt} and outcome is null`,
      sql`status = 'uncertain', launch_uncertain_at = coalesce(launch_uncertain_at, ${date(now)})`,
      { type: "uncertain", message: why, facts: { attempt } }
    )
  })

  /** A look-up by dispatch id found nothing. */
  const recordLaunchLookup = Effect.fn("Transitions.noteLookup")(function* (id: string, attempt: number) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and status = 'uncertain' and launch_attempt = ${attempt} and outcome is null`,
      sql`launch_lookups = launch_lookups + 1, launch_looked_up_at = ${date(now)}`,
      { type: "looked_up", message: "Looked for the run by dispatch id: not there", facts: { attempt } }
    )
  })

  /** The run is known: it counts from here. A stop asked for meanwhile makes it `stopping`. */
  const markRunning = Effect.fn("Transitions.markRunning")(function* (id: string, run: Run) {
    const now = date(yield* DateTime.now)
    return yield* transition(
      sql`id = ${id} and status in ('launching', 'uncertain') and outcome is null`,
      sql`status = case when stop_requested_at is null then 'running' else 'stopping' end,
        run = ${JSON.stringify(run)}, started_at = ${now},
        deadline_at = ${now}::timestamptz + make_interval(mins =>
          case when phase = 'planning' then least(deadline_minutes, 30) else deadline_minutes end)`,
      {
        type: "running",
        message:
          run.kind === "github"
            ? `Run ${run.id} started on GitHub`
            : `Machine ${run.machineId} was created on Fly`,
        facts: { url: run.url }
      }
    )
  })

  /** The first who claims a dispatch has it; `run` is told where its launch is not confirmed yet. */
  const claim = Effect.fn("Transitions.claim")(
    function* (id: string, claimant: string, run: Run | null) {
      if (run !== null) yield* markRunning(id, run)
      const now = yield* DateTime.now
      return yield* transition(
        sql`id = ${id} and status = 'running' and outcome is null and claimed_by is null`,
        sql`claimed_by = ${claimant}, claimed_at = ${date(now)}`,
        { type: "claimed", message: "The run claimed the dispatch", facts: { claimant } }
      )
    },
    sql.withTransaction,
    Effect.orDie
  )

  /** The first report stands. Null when there is one, or the dispatch has ended. */
  const noteReport = Effect.fn("Transitions.noteReport")((id: string, report: Report) =>
    transition(
      sql`id = ${id} and outcome is null and report is null`,
      sql`report = ${JSON.stringify(report)}, cost_usd = ${report.costUsd ?? null}, tokens = ${report.tokens ?? null}`,
      {
        type: "reported",
        message: `The run reported: ${report.outcome.replaceAll("_", " ")}`,
        facts: { outcome: report.outcome, ...(report.turns !== undefined && { turns: report.turns }) }
      }
    )
  )

  /** What the ended run left was looked at. */
  const recordArtifactCheck = Effect.fn("Transitions.noteArtifactLook")(function* (id: string) {
    const now = date(yield* DateTime.now)
    yield* sql`update dispatches set artifact_looked_up_at = ${now} where id = ${id}`
  }, Effect.orDie)

  /** The run is at another step. Only so many are kept. */
  const noteStep = Effect.fn("Transitions.noteStep")(function* (id: string, step: string) {
    const now = yield* DateTime.now
    yield* sql`insert into dispatch_events (dispatch_id, at, type, actor, message, facts)
      select ${id}, ${date(now)}, 'step', null, ${step}, '{}'::jsonb
      where (select count(*) from dispatch_events where dispatch_id = ${id} and type = 'step') < ${maxSteps}
        and ${step} is distinct from (select message from dispatch_events
          where dispatch_id = ${id} and type = 'step' order by id desc limit 1)`
  }, Effect.orDie)

  const markAnnounced = Effect.fn("Transitions.markAnnounced")(
    function* (id: string) {
      const now = yield* DateTime.now
      const row = yield* transition(
        sql`id = ${id} and announced_at is null`,
        sql`announced_at = ${date(now)}`,
        { type: "announced", message: "Told the issue that the run started" }
      )
      if (row?.outcome === null) yield* outbox.add(`${id}/started`, startedNotice(row))
      return row
    },
    sql.withTransaction,
    Effect.orDie
  )

  /** Asks for a stop; the first ask stands. Null when the dispatch has ended or a stop was asked for before. */
  const requestStop = Effect.fn("Transitions.requestStop")(function* (id: string, stop: StopRequest) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and outcome is null and stop_requested_at is null`,
      sql`stop_requested_at = ${date(now)}, stop_requested_by = ${stop.by}, stop_reason = ${stop.reason},
        status = case when status = 'running' then 'stopping' else status end`,
      { type: "stop_requested", actor: stop.by, message: stop.message, facts: { reason: stop.reason } }
    )
  })

  /** The run was seen to have ended well; what it left is looked for from here on. */
  const noteRunEnded = Effect.fn("Transitions.noteRunEnded")(function* (id: string) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and outcome is null and run_ended_at is null`,
      sql`run_ended_at = ${date(now)}`,
      { type: "run_ended", message: "The run ended; looking for what it left" }
    )
  })

  const recordPullRequestCheck = Effect.fn("Transitions.noteLook")(function* (id: string) {
    const now = date(yield* DateTime.now)
    yield* sql`update dispatches set pull_request_looks = pull_request_looks + 1, pull_request_looked_at = ${now}
      where id = ${id} and outcome is null`
  }, Effect.orDie)

  /** How many looks in a row did not find the run at all. */
  const noteRunMissing = Effect.fn("Transitions.noteRunMissing")(function* (id: string, missing: number) {
    yield* sql`update dispatches set run_missing = ${missing} where id = ${id} and outcome is null`
  }, Effect.orDie)

  const nextGeneration = Effect.fn("Transitions.nextGeneration")((id: string, current: number) =>
    transition(
      sql`id = ${id} and workflow_generation = ${current} and settled_at is null`,
      sql`workflow_generation = ${current + 1}`,
      {
        type: "resumed",
        message: "The work on this dispatch was taken up again",
        facts: { generation: current + 1 }
      }
    )
  )

  /** Unsettled dispatches whose workflow was looked at longest ago, as many ended as live ones; marks them looked at. */
  const unsettledToCheck = Effect.fn("Transitions.unsettledToCheck")(function* (limit: number) {
    const now = date(yield* DateTime.now)
    return yield* sql`
      update dispatches set workflow_checked_at = ${now} where id in (
        select id from dispatches where settled_at is null
        order by row_number() over (partition by outcome is null order by workflow_checked_at nulls first, id),
          outcome is null limit ${limit})
      returning *`.pipe(Effect.flatMap(decodeRows))
  }, Effect.orDie)

  const live = sql`select * from dispatches where outcome is null order by id`.pipe(
    Effect.flatMap(decodeRows),
    Effect.orDie,
    Effect.withSpan("Transitions.live")
  )

  const note = Effect.fn("Transitions.note")(function* (id: string, event: Event) {
    const now = date(yield* DateTime.now)
    yield* sql`insert into dispatch_events (dispatch_id, at, type, actor, message, facts)
      values (${id}, ${now}, ${event.type}, ${event.actor ?? null}, ${event.message},
        ${JSON.stringify(event.facts ?? {})})`
  }, Effect.orDie)

  /** As `note`, but the same is not said twice. */
  const noteOnce = Effect.fn("Transitions.noteOnce")(function* (id: string, event: Event) {
    const said = yield* sql`select 1 from dispatch_events
      where dispatch_id = ${id} and type = ${event.type} and message = ${event.message} limit 1`
    if (said.length === 0) yield* note(id, event)
  }, Effect.orDie)

  return {
    find,
    beginLaunch,
    release,
    noteUndeclaredInputs,
    markUncertain,
    recordLaunchLookup,
    markRunning,
    claim,
    noteReport,
    recordArtifactCheck,
    noteStep,
    markAnnounced,
    requestStop,
    noteRunEnded,
    recordPullRequestCheck,
    noteRunMissing,
    nextGeneration,
    unsettledToCheck,
    live,
    note,
    noteOnce
  }
})

/** The named transitions of a dispatch row, each a conditional update with its event. */
export class TransitionsRepo extends Context.Service<TransitionsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/TransitionsRepo"
) {
  static readonly layer = Layer.effect(TransitionsRepo, make).pipe(Layer.provide(OutboxRepo.layer))
}
