import type * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Statement from "effect/sql/Statement"
import type { Run } from "../../domain/Dispatch.ts"
import { statusOfOutcome } from "../../domain/DispatchStatus.ts"
import type { Outcome } from "../../domain/Outcome.ts"
import type { Report } from "../../domain/Report.ts"
import { DispatchRow } from "./DispatchRow.ts"
import * as event from "./timelineEvents.ts"
import { TimelineRepo } from "./TimelineRepo.ts"
import { DispatchId } from "../../domain/Ids.ts"

const maxCleared = 500

/** One lives an hour, a run at most six. */
export const maxRepositoryTokens = 30

const decodeRows = Schema.decodeUnknownEffect(Schema.Array(DispatchRow))
const date = DateTime.toDateUtc

const Settled = Schema.Array(Schema.Struct({ id: DispatchId, workflowGeneration: Schema.Int }))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const timeline = yield* TimelineRepo

  const find = Effect.fn("Transitions.find")(function* (id: DispatchId) {
    const rows = yield* sql`select * from dispatches where id = ${id}`.pipe(Effect.flatMap(decodeRows))
    return rows[0] ?? null
  }, Effect.orDie)

  const transition = Effect.fnUntraced(function* (
    where: Statement.Fragment,
    set: Statement.Fragment,
    entry: event.TimelineEvent
  ) {
    const rows = yield* timeline
      .recordChange(sql`update dispatches set ${set} where ${where}`, entry)
      .pipe(Effect.flatMap(decodeRows))
    return rows[0] ?? null
  }, Effect.orDie)

  const reserve = (rows: Arr.NonEmptyReadonlyArray<Record<string, unknown>>) =>
    sql`insert into dispatches ${sql.insert(rows)} on conflict (issue_id) where settled_at is null do nothing
      returning *`

  const beginLaunch = Effect.fn("Transitions.beginLaunch")(
    (id: DispatchId, previous: number, leaseUntil: DateTime.Utc, undeclaredInputs: ReadonlyArray<string>) =>
      transition(
        sql`id = ${id} and status in ('reserved', 'launching', 'uncertain') and launch_attempt = ${previous}
          and outcome is null and stop_requested_at is null`,
        sql`status = 'launching', launch_attempt = launch_attempt + 1, launch_lease_until = ${date(leaseUntil)},
          launch_resends = launch_resends + case when status = 'uncertain' then 1 else 0 end, launch_lookups = 0, launch_looked_up_at = null,
          launch_undeclared_inputs = ${JSON.stringify(undeclaredInputs)}`,
        event.launchStarted(previous + 1)
      )
  )

  // The attempt certainly did not reach the run backend: the dispatch queues again.
  const release = Effect.fn("Transitions.release")((id: DispatchId, attempt: number, why: string) =>
    transition(
      sql`id = ${id} and status = 'launching' and launch_attempt = ${attempt} and outcome is null`,
      sql`status = 'reserved', launch_lease_until = null`,
      event.notSent(attempt, why)
    )
  )

  // The workflow does not declare these inputs: the next attempt omits them.
  const noteUndeclaredInputs = Effect.fn("Transitions.noteUndeclaredInputs")(
    (id: DispatchId, attempt: number, inputs: ReadonlyArray<string>) =>
      transition(
        sql`id = ${id} and status = 'launching' and launch_attempt = ${attempt} and outcome is null`,
        sql`status = 'reserved', launch_lease_until = null, launch_undeclared_inputs = ${JSON.stringify(inputs)}`,
        event.inputsUndeclared(inputs)
      )
  )

  // The attempt may have reached the run backend: only look-ups may follow.
  const markUncertain = Effect.fn("Transitions.markUncertain")(function* (
    id: DispatchId,
    attempt: number,
    why: string
  ) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and status = 'launching' and launch_attempt = ${attempt} and outcome is null`,
      sql`status = 'uncertain', launch_uncertain_at = coalesce(launch_uncertain_at, ${date(now)})`,
      event.launchUncertain(attempt, why)
    )
  })

  const recordLaunchLookup = Effect.fn("Transitions.noteLookup")(function* (id: DispatchId, attempt: number) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and status = 'uncertain' and launch_attempt = ${attempt} and outcome is null`,
      sql`launch_lookups = launch_lookups + 1, launch_looked_up_at = ${date(now)}`,
      event.runNotFound(attempt)
    )
  })

  // The run is known: its time counts from here. A stop requested meanwhile makes it `stopping`.
  const markRunning = Effect.fn("Transitions.markRunning")(function* (id: DispatchId, run: Run) {
    const now = date(yield* DateTime.now)
    return yield* transition(
      sql`id = ${id} and status in ('launching', 'uncertain') and outcome is null`,
      sql`status = case when stop_requested_at is null then 'running' else 'stopping' end,
        run = ${JSON.stringify(run)}, started_at = ${now},
        deadline_at = ${now}::timestamptz + make_interval(mins =>
          case when phase = 'planning' then least(deadline_minutes, 30) else deadline_minutes end)`,
      event.runStarted(run)
    )
  })

  const claim = Effect.fn("Transitions.claim")(
    function* (id: DispatchId, claimant: string, run: Run | null) {
      if (run !== null) yield* markRunning(id, run)
      const now = yield* DateTime.now
      return yield* transition(
        sql`id = ${id} and status = 'running' and outcome is null and claimed_by is null`,
        sql`claimed_by = ${claimant}, claimed_at = ${date(now)}, run_begun_at = coalesce(run_begun_at, ${date(now)})`,
        event.claimed(claimant)
      )
    },
    sql.withTransaction,
    Effect.orDie
  )

  const noteReport = Effect.fn("Transitions.noteReport")((id: DispatchId, report: Report) =>
    transition(
      sql`id = ${id} and outcome is null and report is null`,
      sql`report = ${JSON.stringify(report)}, cost_usd = ${report.costUsd ?? null}, tokens = ${report.tokens ?? null},
        turns = ${report.turns ?? null}, model = ${report.model ?? null}, session_id = ${report.sessionId ?? null},
        permission_denials = ${report.permissionDenials === undefined ? null : JSON.stringify(report.permissionDenials)}`,
      event.reported(report)
    )
  )

  // Null: the claimant may not have another token.
  const countRepositoryToken = Effect.fn("Transitions.countRepositoryToken")(
    (id: DispatchId, claimant: string, repository: string) =>
      transition(
        sql`id = ${id} and outcome is null and stop_requested_at is null and claimed_by = ${claimant}
          and repository_tokens < ${maxRepositoryTokens}`,
        sql`repository_tokens = repository_tokens + 1`,
        event.repositoryToken(repository)
      )
  )

  const recordArtifactCheck = Effect.fn("Transitions.noteArtifactLook")(function* (id: DispatchId) {
    const now = date(yield* DateTime.now)
    yield* sql`update dispatches set artifact_looked_up_at = ${now} where id = ${id}`
  }, Effect.orDie)

  const markAnnounced = Effect.fn("Transitions.markAnnounced")(function* (id: DispatchId) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and announced_at is null`,
      sql`announced_at = ${date(now)}`,
      event.announced
    )
  })

  const requestStop = Effect.fn("Transitions.requestStop")(function* (
    id: DispatchId,
    stop: event.StopRequest
  ) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and outcome is null and stop_requested_at is null`,
      sql`stop_requested_at = ${date(now)}, stop_requested_by = ${stop.by}, stop_reason = ${stop.reason},
        status = case when status = 'running' then 'stopping' else status end`,
      event.stopRequested(stop)
    )
  })

  const noteRunEnded = Effect.fn("Transitions.noteRunEnded")(function* (id: DispatchId) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and outcome is null and run_ended_at is null`,
      sql`run_ended_at = ${date(now)}`,
      event.runEnded
    )
  })

  const recordPullRequestCheck = Effect.fn("Transitions.noteLook")(function* (id: DispatchId) {
    yield* sql`update dispatches set pull_request_looks = pull_request_looks + 1
      where id = ${id} and outcome is null`
  }, Effect.orDie)

  const noteRunMissing = Effect.fn("Transitions.noteRunMissing")(function* (id: DispatchId, missing: number) {
    yield* sql`update dispatches set run_missing = ${missing} where id = ${id} and outcome is null`
  }, Effect.orDie)

  const noteRunBegun = Effect.fn("Transitions.noteRunBegun")(function* (id: DispatchId) {
    const now = yield* DateTime.now
    yield* transition(
      sql`id = ${id} and outcome is null and run_begun_at is null`,
      sql`run_begun_at = ${date(now)}, run_missing = 0`,
      event.runBegun
    )
  })

  const noteRunHeld = Effect.fn("Transitions.noteRunHeld")(function* (
    id: DispatchId,
    state: "waiting" | "pending"
  ) {
    const now = date(yield* DateTime.now)
    yield* sql`update dispatches set run_held_at = ${now}, run_missing = 0 where id = ${id} and outcome is null`
    yield* timeline.addOnce(id, event.runHeld(state))
  }, Effect.orDie)

  const updateWaiting = Effect.fn("Transitions.updateWaiting")(function* (id: DispatchId) {
    yield* sql`update dispatches d set waiting_for = case when exists (
        select from questions q where q.dispatch_id = d.id and q.closed_at is null) then 'answer' end
      where d.id = ${id} and d.outcome is null`
  }, Effect.orDie)

  const end = Effect.fn("Transitions.end")(function* (id: DispatchId, outcome: Outcome) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and outcome is null`,
      sql`outcome = ${JSON.stringify(outcome)}, status = ${statusOfOutcome(outcome.kind)},
        finished_at = ${date(now)}, waiting_for = null`,
      event.ended(outcome)
    )
  })

  const settle = Effect.fn("Transitions.settle")(function* (id: DispatchId) {
    const now = yield* DateTime.now
    return yield* transition(
      sql`id = ${id} and outcome is not null and settled_at is null and not exists (
        select 1 from settlement_effects where dispatch_id = ${id} and state = 'pending')`,
      sql`settled_at = ${date(now)}`,
      event.settled
    )
  })

  const nextGeneration = Effect.fn("Transitions.nextGeneration")((id: DispatchId, current: number) =>
    transition(
      sql`id = ${id} and workflow_generation = ${current} and settled_at is null`,
      sql`workflow_generation = ${current + 1}`,
      event.resumed(current + 1)
    )
  )

  const unsettledToCheck = Effect.fn("Transitions.unsettledToCheck")(function* (limit: number) {
    const now = date(yield* DateTime.now)
    return yield* sql`
      update dispatches set workflow_checked_at = ${now} where id in (
        select id from dispatches where settled_at is null
        order by row_number() over (partition by outcome is null order by workflow_checked_at nulls first, id),
          outcome is null limit ${limit})
      returning *`.pipe(Effect.flatMap(decodeRows))
  }, Effect.orDie)

  const settledWithWorkflow = Effect.fn("Transitions.settledWithWorkflow")(
    (before: DateTime.Utc) =>
      sql`select id, workflow_generation from dispatches
        where settled_at < ${date(before)} and workflow_cleared_at is null
        order by id limit ${maxCleared}`.pipe(Effect.flatMap(Schema.decodeUnknownEffect(Settled))),
    Effect.orDie
  )

  const recordWorkflowCleared = Effect.fn("Transitions.workflowCleared")(
    (id: DispatchId, at: DateTime.Utc) =>
      sql`update dispatches set workflow_cleared_at = ${date(at)} where id = ${id}`,
    Effect.orDie
  )

  const live = sql`select * from dispatches where outcome is null order by id`.pipe(
    Effect.flatMap(decodeRows),
    Effect.orDie,
    Effect.withSpan("Transitions.live")
  )

  return {
    find,
    reserve,
    beginLaunch,
    release,
    noteUndeclaredInputs,
    markUncertain,
    recordLaunchLookup,
    markRunning,
    claim,
    noteReport,
    countRepositoryToken,
    recordArtifactCheck,
    markAnnounced,
    requestStop,
    noteRunEnded,
    recordPullRequestCheck,
    noteRunMissing,
    noteRunBegun,
    noteRunHeld,
    updateWaiting,
    end,
    settle,
    nextGeneration,
    unsettledToCheck,
    settledWithWorkflow,
    recordWorkflowCleared,
    live
  }
})

/** The named transitions of a dispatch row, each a conditional update with its event. The only writer of `dispatches`. */
export class TransitionsRepo extends Context.Service<TransitionsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/TransitionsRepo"
) {
  static readonly layer = Layer.effect(TransitionsRepo, make).pipe(Layer.provide(TimelineRepo.layer))
}
