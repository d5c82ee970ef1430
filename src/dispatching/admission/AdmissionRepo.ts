import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import { branchName } from "../../domain/Branch.ts"
import { dedupWindow } from "../../domain/Dedup.ts"
import type { Mapping } from "../../domain/Mapping.ts"
import type { Phase, Trigger } from "../../domain/Modes.ts"
import { PlanDocument, planText, PlanVerdict } from "../../domain/Plan.ts"
import type { Reason } from "../../domain/Reason.ts"
import type { TrackedIssue } from "../../upstreams/Tracker.ts"
import { modeOf } from "../decision/decide.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { decideAll } from "../decision/decideAll.ts"
import type { Repository } from "../../upstreams/CodeHost.ts"
import { FactsRepo } from "../issues/FactsRepo.ts"
import { DispatchRow } from "../dispatches/DispatchRow.ts"

export interface AdmissionRequest {
  /** Of one team, as just read from the tracker. */
  readonly issues: Arr.NonEmptyReadonlyArray<TrackedIssue>
  readonly readAt: DateTime.Utc
  readonly trigger: Trigger
  /** Asked for by name; else the phase that is due. */
  readonly phase?: Phase | undefined
  readonly by: string | null
  readonly context: DispatchContext
  /** The comment by which another pass over a pull request of ours was asked for. */
  readonly comment?: (Repository & { readonly id: number; readonly number: number }) | undefined
  /** The poller's epoch: a holder that was succeeded admits nothing. */
  readonly epoch?: number
}

/** An issue was given a dispatch, or waits for `reason` as in its decision. */
export type Admitted = { readonly issueId: string } & (
  | { readonly dispatch: DispatchRow }
  | { readonly dispatch: null; readonly reason: Reason }
)

const InstanceRow = Schema.Struct({ paused: Schema.Boolean, pollerEpoch: Schema.Int })

const HistoryRow = Schema.Struct({
  issueId: Schema.String,
  attempts: Schema.Int,
  branches: Schema.Int,
  openBranch: Schema.NullOr(Schema.String),
  openNumber: Schema.NullOr(Schema.Int),
  plan: Schema.NullOr(
    Schema.Struct({
      id: Schema.String,
      documents: Schema.Array(PlanDocument),
      withdrawn: Schema.Boolean,
      verdict: Schema.NullOr(PlanVerdict),
      reason: Schema.NullOr(Schema.String)
    })
  )
})
type LastPlan = (typeof HistoryRow.Type)["plan"]

interface Chosen {
  readonly issue: TrackedIssue
  readonly phase: Phase
  readonly undeclaredInputs: ReadonlyArray<string>
}

/** What a dispatch takes from the newest plan of its issue: planning what was wrong with it, an implementation the plan. */
const takenFrom = (plan: LastPlan, phase: Phase, mapping: Mapping) => {
  const rejected = plan?.verdict === "rejected"
  if (phase === "planning") {
    return rejected
      ? { planId: null, planFeedback: plan.reason, previousPlan: planText(plan.documents) }
      : { planId: null, planFeedback: null, previousPlan: null }
  }
  const counts = mapping.planningEnabled && plan !== null && !plan.withdrawn && !rejected
  return { planId: counts ? plan.id : null, planFeedback: null, previousPlan: null }
}

const sameRepository = (a: Repository, b: Repository) =>
  `${a.owner}/${a.repo}`.toLowerCase() === `${b.owner}/${b.repo}`.toLowerCase()

const lostRace: Reason = { _tag: "lost_race" }

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const facts = yield* FactsRepo
  const decodeInstance = Schema.decodeUnknownEffect(Schema.Tuple([InstanceRow]))
  const decodeHistory = Schema.decodeUnknownEffect(Schema.Array(HistoryRow))
  const decodeRows = Schema.decodeUnknownEffect(Schema.Array(DispatchRow))

  const history = Effect.fnUntraced(function* (
    { comment }: AdmissionRequest,
    { owner, repo }: Mapping,
    chosen: ReadonlyArray<Chosen>
  ) {
    const rows = yield* sql`select i.issue_id,
        (select count(*)::int from dispatches d where d.issue_id = i.issue_id and d.phase = i.phase) as attempts,
        (select count(distinct d.branch)::int from dispatches d
          where d.issue_id = i.issue_id and d.phase = 'implementation') as branches,
        o.branch as open_branch, o.number as open_number,
        (select jsonb_build_object('id', p.id, 'documents', p.documents, 'withdrawn', p.withdrawn_at is not null,
            'verdict', p.verdict, 'reason', p.verdict_reason)
          from plans p where p.issue_id = i.issue_id order by p.id desc limit 1) as plan
      from unnest(${chosen.map(({ issue }) => issue.id)}::text[], ${chosen.map(({ phase }) => phase)}::text[])
        as i (issue_id, phase)
      left join lateral (select p.branch, p.number from pull_requests p where p.issue_id = i.issue_id
        and p.state = 'open' and lower(p.owner) = lower(${owner}) and lower(p.repo) = lower(${repo})
        order by p.number = ${comment?.number ?? 0} desc, p.number desc limit 1) o on true`.pipe(
      Effect.flatMap(decodeHistory)
    )
    return new Map(rows.map((row) => [row.issueId, row]))
  })

  const insert = Effect.fnUntraced(function* (
    request: AdmissionRequest,
    mapping: Mapping,
    chosen: Arr.NonEmptyReadonlyArray<Chosen>
  ) {
    const { by, comment, trigger, context } = request
    const at = DateTime.toDateUtc(yield* DateTime.now)
    const before = yield* history(request, mapping, chosen)
    const rows = yield* Effect.forEach(
      chosen,
      Effect.fnUntraced(function* ({ issue, phase, undeclaredInputs }) {
        const {
          attempts = 0,
          branches = 0,
          openBranch = null,
          openNumber = null,
          plan = null
        } = before.get(issue.id) ?? {}
        const planning = phase === "planning"
        const executionMode = modeOf(phase, mapping, context.runnerMode)
        const fly = executionMode === "fly-machines"
        return {
          id: yield* random.uuidV7(),
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
          trigger: trigger,
          requestedBy: by,
          commentId: comment?.id ?? null,
          executionMode,
          runnerMode: context.runnerMode,
          sessionMode: planning ? "autonomous" : mapping.sessionMode,
          provider: mapping.provider,
          awsRegion: mapping.awsRegion,
          workflowFile: fly ? null : planning ? mapping.planningWorkflowFile : mapping.workflowFile,
          flyApp: fly ? context.fly.app : null,
          flyRegion: fly ? context.fly.region : null,
          machineCpus: fly ? mapping.machineCpus : null,
          machineMemoryMb: fly ? mapping.machineMemoryMb : null,
          prNumber: planning ? null : openNumber,
          ref: mapping.defaultBranch,
          branch: openBranch ?? branchName(issue.identifier, issue.title, branches + 1),
          ...takenFrom(plan, phase, mapping),
          extraEnv: JSON.stringify(mapping.extraEnv),
          launchUndeclaredInputs: JSON.stringify(undeclaredInputs),
          deadlineMinutes: mapping.deadlineMinutes,
          status: "reserved",
          reservedAt: at
        }
      })
    )
    return yield* sql`
      with reserved as (
        insert into dispatches ${sql.insert(rows)} on conflict (issue_id) where settled_at is null do nothing returning *),
      noted as (
        insert into dispatch_events (dispatch_id, at, type, actor, message, facts)
        select id, ${at}, 'reserved', ${by}, ${"Admitted: a slot of the team is held"},
          jsonb_build_object('trigger', trigger, 'workflowFile', workflow_file, 'ref', ref,
            'leftOut', launch_undeclared_inputs)
        from reserved),
      superseded as (
        update plans set withdrawn_at = ${at} from reserved
        where reserved.phase = 'planning' and plans.issue_id = reserved.issue_id
          and plans.withdrawn_at is null and plans.verdict is distinct from 'rejected'),
      remembered as (
        insert into dedup (issue_id, issue_identifier, issue_title, dispatch_id, dispatched_at, expires_at)
        select issue_id, issue_identifier, issue_title, id, ${at}, ${at}::timestamptz + ${dedupWindow}::interval
        from reserved where phase = 'implementation'
        on conflict (issue_id) do update set issue_identifier = excluded.issue_identifier,
          issue_title = excluded.issue_title, dispatch_id = excluded.dispatch_id,
          dispatched_at = excluded.dispatched_at, expires_at = excluded.expires_at)
      select * from reserved`.pipe(Effect.flatMap(decodeRows))
  })

  const attempt = Effect.fnUntraced(function* (request: AdmissionRequest) {
    const { trigger, epoch, issues, phase, readAt } = request
    const teamKey = issues[0].team.key
    const mapping = yield* facts.lockMapping(teamKey)
    const [instance] = yield* sql`select paused_at is not null as paused, poller_epoch from instance`.pipe(
      Effect.flatMap(decodeInstance)
    )
    const succeeded = epoch !== undefined && epoch !== instance.pollerEpoch
    const context = { ...request.context, paused: instance.paused, now: yield* DateTime.now }
    const ids = Arr.map(issues, ({ id }) => id)
    const mappings = mapping === null ? [] : [mapping]
    const { hourlyLimit, candidates } = yield* facts.gather(issues, readAt, mappings, context)
    const elsewhere =
      request.comment !== undefined && mapping !== null && !sameRepository(request.comment, mapping)
    const planned = succeeded || elsewhere ? [] : decideAll(context, candidates, hourlyLimit, trigger, phase)
    const chosen = planned.flatMap(({ facts: { issue, readiness }, decision }) =>
      decision.kind === "dispatch"
        ? [
            {
              issue,
              phase: decision.phase,
              undeclaredInputs: readiness?.undeclaredInputs[decision.phase] ?? []
            }
          ]
        : []
    )
    const rows =
      mapping !== null && Arr.isReadonlyArrayNonEmpty(chosen)
        ? yield* insert({ ...request, context }, mapping, chosen)
        : []
    return Arr.map(ids, (issueId): Admitted => {
      const dispatch = rows.find((row) => row.issueId === issueId)
      if (dispatch !== undefined) return { issueId, dispatch }
      const decision = planned.find(({ facts }) => facts.issue.id === issueId)?.decision
      return { issueId, dispatch: null, reason: decision?.kind === "wait" ? decision.reason : lostRace }
    })
  })

  /** The one door to a reservation: locks the mapping, judges again with what is true now, inserts the dispatches. */
  const admit = Effect.fn("Admission.admit")(
    (request: AdmissionRequest) => sql.withTransaction(attempt(request)),
    Effect.orDie
  )

  return { admit }
})

/** Admission of dispatches of one team, in one short transaction. */
export class Admission extends Context.Service<Admission, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/admission/AdmissionRepo/Admission"
) {
  static readonly layer = Layer.effect(Admission, make)
}
