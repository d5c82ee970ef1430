import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import { AppConfig } from "../Config.ts"
import { branchName } from "../domain/Branch.ts"
import { dedupWindow } from "../domain/Dedup.ts"
import type { Mapping } from "../domain/Mapping.ts"
import { effectiveExecutionMode, type Phase, type Trigger } from "../domain/Modes.ts"
import { Reason } from "../domain/Reason.ts"
import type { TrackedIssue } from "../Issues.ts"
import { judge, type SharedFacts } from "../Poller/judge.ts"
import { Facts, issueFacts } from "./FactsRepo.ts"
import { DispatchRow } from "./rows.ts"

export interface AdmissionRequest {
  readonly issue: TrackedIssue
  /** When the issue was read from the tracker. */
  readonly readAt: DateTime.Utc
  readonly door: Trigger
  readonly by: string | null
  readonly shared: SharedFacts
  /** The poller's epoch: a holder that was succeeded admits nothing. */
  readonly epoch?: number
}

/** The issue waits; `reason` as in its decision. */
export class Refused extends Schema.TaggedError<Refused>()("Refused", { reason: Reason }) {}

const InstanceRow = Schema.Struct({ paused: Schema.Boolean, pollerEpoch: Schema.Int })

const HistoryRow = Schema.Struct({
  attempts: Schema.Int,
  branches: Schema.Int,
  openBranch: Schema.NullOr(Schema.String)
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const facts = yield* Facts
  const { MAX_DISPATCHES_PER_HOUR } = yield* AppConfig
  const decodeInstance = Schema.decodeUnknownEffect(Schema.Tuple([InstanceRow]))
  const decodeHistory = Schema.decodeUnknownEffect(Schema.Tuple([HistoryRow]))
  const decodeRows = Schema.decodeUnknownEffect(Schema.Array(DispatchRow))

  const history = (issueId: string, phase: Phase) =>
    sql`select
        (select count(*)::int from dispatches where issue_id = ${issueId} and phase = ${phase}) as attempts,
        (select count(distinct branch)::int from dispatches where issue_id = ${issueId}) as branches,
        (select p.branch from pull_requests p where p.issue_id = ${issueId} and p.state = 'open'
          order by p.number desc limit 1) as open_branch`.pipe(Effect.flatMap(decodeHistory))

  const insert = Effect.fnUntraced(function* (
    { issue, door, by, shared }: AdmissionRequest,
    mapping: Mapping,
    phase: Phase
  ) {
    const now = yield* DateTime.now
    const at = DateTime.toDateUtc(now)
    const id = yield* random.uuidV7()
    const [{ attempts, branches, openBranch }] = yield* history(issue.id, phase)
    const executionMode = effectiveExecutionMode(mapping.executionMode, shared.runnerMode)
    const values = sql.insert({
      id,
      issueId: issue.id,
      issueIdentifier: issue.identifier,
      issueTitle: issue.title,
      issueDescription: issue.description,
      issueUrl: issue.url,
      linearTeamId: issue.team.id,
      teamKey: mapping.teamKey,
      owner: mapping.owner,
      repo: mapping.repo,
      phase,
      attempt: attempts + 1,
      trigger: door,
      requestedBy: by,
      executionMode,
      runnerMode: shared.runnerMode,
      sessionMode: mapping.sessionMode,
      provider: mapping.provider,
      awsRegion: mapping.awsRegion,
      workflowFile: phase === "planning" ? mapping.planningWorkflowFile : mapping.workflowFile,
      ref: mapping.defaultBranch,
      branch: openBranch ?? branchName(issue.identifier, issue.title, branches + 1),
      extraEnv: JSON.stringify(mapping.extraEnv),
      deadlineMinutes: mapping.deadlineMinutes,
      status: "reserved",
      reservedAt: at
    })
    const rows = yield* sql`
      with reserved as (
        insert into dispatches ${values} on conflict (issue_id) where settled_at is null do nothing returning *),
      noted as (
        insert into dispatch_events (dispatch_id, at, type, actor, message, facts)
        select id, ${at}, 'reserved', ${by}, ${"Admitted: a slot of the team is held"},
          ${JSON.stringify({ trigger: door, workflowFile: mapping.workflowFile, ref: mapping.defaultBranch })}::jsonb
        from reserved),
      remembered as (
        insert into dedup (issue_id, issue_identifier, issue_title, dispatch_id, dispatched_at, expires_at)
        select issue_id, issue_identifier, issue_title, id, ${at}, ${at}::timestamptz + ${dedupWindow}::interval
        from reserved where phase = 'implementation'
        on conflict (issue_id) do update set issue_identifier = excluded.issue_identifier,
          issue_title = excluded.issue_title, dispatch_id = excluded.dispatch_id,
          dispatched_at = excluded.dispatched_at, expires_at = excluded.expires_at)
      select * from reserved`.pipe(Effect.flatMap(decodeRows))
    return rows[0] ?? null
  })

  const attempt = Effect.fnUntraced(function* (request: AdmissionRequest) {
    const { issue, door } = request
    const mapping = yield* facts.lockMapping(issue.team.key)
    const [instance] = yield* sql`select paused_at is not null as paused, poller_epoch from instance`.pipe(
      Effect.flatMap(decodeInstance)
    )
    if (request.epoch !== undefined && request.epoch !== instance.pollerEpoch) {
      return yield* new Refused({ reason: { _tag: "lost_race" } })
    }
    const shared = { ...request.shared, paused: instance.paused, now: yield* DateTime.now }
    const [remembered] = yield* facts.issues([issue.id], request.readAt)
    const [team] = yield* facts.teams([issue.team.key], shared.now)
    if (remembered === undefined) return yield* new Refused({ reason: { _tag: "lost_race" } })
    const verdict = judge(
      shared,
      issueFacts(issue, mapping, remembered, team ?? null, MAX_DISPATCHES_PER_HOUR),
      door
    )
    if (verdict.decision === "wait") return yield* new Refused({ reason: verdict.reason })
    if (mapping === null) return yield* new Refused({ reason: { _tag: "lost_race" } })
    const row = yield* insert({ ...request, shared }, mapping, verdict.phase)
    if (row === null) return yield* new Refused({ reason: { _tag: "lost_race" } })
    return row
  })

  /** The one door to a reservation: locks the mapping, judges again with what is true now, inserts the dispatch. */
  const admit = Effect.fn("Admission.admit")(
    (request: AdmissionRequest) => sql.withTransaction(attempt(request)),
    Effect.catchIf(
      (error) => error._tag !== "Refused",
      (error) => Effect.die(error)
    )
  )

  return { admit }
})

/** Admission of one dispatch, in one short transaction. */
export class Admission extends Context.Service<Admission, Effect.Success<typeof make>>()(
  "ai-implement/Dispatches/Admission"
) {
  static readonly layer = Layer.effect(Admission, make)
}
