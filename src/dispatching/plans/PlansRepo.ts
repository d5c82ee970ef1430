import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Statement from "effect/sql/Statement"
import { labels, hasLabel } from "../../domain/Labels.ts"
import { PlanDocument, PlanVerdict, PlanVersion } from "../../domain/Plan.ts"
import { Timestamp } from "../../domain/Text.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"
import type { TimelineEvent } from "../dispatches/timelineEvents.ts"
import { planApproved, planRejected, planWithdrawn } from "./planEvents.ts"
import { type DispatchId, type IssueId, StoredIssueId } from "../../domain/Ids.ts"

const Known = Schema.Struct({
  issueId: StoredIssueId,
  plan: Schema.NullOr(
    Schema.Struct({
      id: Schema.String,
      verdict: Schema.NullOr(PlanVerdict),
      withdrawn: Schema.Boolean,
      labelled: Schema.Boolean,
      approvalIgnored: Schema.Boolean
    })
  )
})

const Current = Schema.Struct({
  id: Schema.String,
  verdict: Schema.NullOr(PlanVerdict),
  verdictAt: Schema.NullOr(Timestamp),
  verdictBy: Schema.NullOr(Schema.String),
  underWay: Schema.Boolean,
  teamId: Schema.String
})

const Documents = Schema.Struct({ documents: Schema.Array(PlanDocument) })

const maxVersions = 10

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const timeline = yield* TimelineRepo
  const date = Effect.map(DateTime.now, DateTime.toDateUtc)

  const record = Effect.fn("Plans.record")(function* (
    dispatch: { readonly id: string; readonly issueId: IssueId },
    documents: ReadonlyArray<PlanDocument>
  ) {
    yield* sql`insert into plans (id, issue_id, dispatch_id, documents, finished_at, approval_ignored)
      values (${yield* random.uuidV7()}, ${dispatch.issueId}, ${dispatch.id}, ${JSON.stringify(documents)},
        ${yield* date}, exists (select 1 from issues i, unnest(i.labels) as l
          where i.issue_id = ${dispatch.issueId} and lower(l) = ${labels.planApproved.toLowerCase()}))`
  })

  const noteLabels = Effect.fn("Plans.noteLabels")(function* (
    dispatchId: DispatchId,
    names: ReadonlyArray<string>
  ) {
    yield* sql`update plans set labelled = ${hasLabel(names, labels.planComplete)},
        approval_ignored = verdict is null and ${hasLabel(names, labels.planApproved)}
      where dispatch_id = ${dispatchId}`
  }, Effect.orDie)

  const noteTaken = Effect.fn("Plans.noteTaken")(function* (issueId: IssueId, names: ReadonlyArray<string>) {
    yield* sql`update plans set labelled = ${hasLabel(names, labels.planComplete)}
      where id = (select id from plans where issue_id = ${issueId} order by id desc limit 1)`
  }, Effect.orDie)

  const known = Effect.fn("Plans.known")(
    (issueIds: ReadonlyArray<string>, readAt: DateTime.Utc) =>
      sql`select i.issue_id, (select jsonb_build_object('id', p.id, 'verdict', p.verdict,
          'withdrawn', p.withdrawn_at is not null, 'labelled', p.labelled, 'approvalIgnored', p.approval_ignored)
          from plans p where p.issue_id = i.issue_id order by p.id desc limit 1) as plan
        from unnest(${issueIds}::text[]) as i (issue_id)
        where not exists (select 1 from dispatches d where d.issue_id = i.issue_id
          and (d.settled_at is null or d.settled_at >= ${DateTime.toDateUtc(readAt)}))`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Known)))
      ),
    Effect.orDie
  )

  // A plan that a person declares by adding `Plan-Complete`, unless a plan newer than `after` exists.
  const declare = Effect.fn("Plans.declare")(function* (
    issueId: IssueId,
    after: string | null,
    approved: boolean
  ) {
    const at = yield* date
    yield* sql`insert into plans (id, issue_id, documents, finished_at, labelled, verdict, verdict_at, verdict_by, verdict_via)
      select ${yield* random.uuidV7()}::uuid, ${issueId}, '[]', ${at}, true,
        ${approved ? "approved" : null}, ${approved ? at : null}::timestamptz, ${approved ? "Linear" : null},
        ${approved ? "label" : null}
      where (select max(id::text) from plans where issue_id = ${issueId}) is not distinct from ${after}::text`
  }, Effect.orDie)

  const change = Effect.fnUntraced(function* (
    id: string,
    where: Statement.Fragment,
    set: Statement.Fragment,
    event: TimelineEvent
  ) {
    const changed = yield* timeline.recordChange(
      sql`update plans set ${set} where id = ${id} and withdrawn_at is null and ${where}`,
      event,
      "dispatch_id"
    )
    return changed.length > 0
  })

  const withdraw = Effect.fn("Plans.withdraw")(function* (id: string) {
    return yield* change(
      id,
      sql`verdict is distinct from 'rejected'`,
      sql`withdrawn_at = ${yield* date}, labelled = false`,
      planWithdrawn
    )
  }, Effect.orDie)

  // Part of a statement in which `reserved` names new dispatches: a new planning withdraws the plan before it.
  const supersede = (at: Date) =>
    sql`update plans set withdrawn_at = ${at} from reserved
      where reserved.phase = 'planning' and plans.issue_id = reserved.issue_id
        and plans.withdrawn_at is null and plans.verdict is distinct from 'rejected'`

  const note = Effect.fn("Plans.note")(function* (id: string, labelled: boolean, approvalIgnored: boolean) {
    yield* sql`update plans set labelled = ${labelled}, approval_ignored = ${approvalIgnored} where id = ${id}`
  }, Effect.orDie)

  const approve = Effect.fn("Plans.approve")(function* (id: string, by: string, via: "label" | "api") {
    return yield* change(
      id,
      sql`verdict is null`,
      sql`verdict = 'approved', verdict_at = ${yield* date}, verdict_by = ${by}, verdict_via = ${via}`,
      planApproved(by)
    )
  }, Effect.orDie)

  const current = Effect.fn("Plans.current")(function* (issueId: IssueId) {
    yield* sql`select 1 from mappings m join issues i on i.team_key = m.team_key
      where i.issue_id = ${issueId} for update of m`
    const rows = yield* sql`select p.id, p.verdict, p.verdict_at, p.verdict_by, i.team_id,
        exists (select 1 from dispatches d where d.issue_id = p.issue_id and d.settled_at is null) as under_way
      from plans p join issues i on i.issue_id = p.issue_id
      where p.id = (select id from plans where issue_id = ${issueId} order by id desc limit 1)
        and p.withdrawn_at is null for update of p`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Current)))
    )
    return rows[0] ?? null
  }, Effect.orDie)

  const reject = Effect.fn("Plans.reject")(function* (id: string, by: string, reason: string) {
    return yield* change(
      id,
      sql`verdict is null`,
      sql`verdict = 'rejected', verdict_at = ${yield* date}, verdict_by = ${by}, verdict_via = 'api', verdict_reason = ${reason}`,
      planRejected(by, reason)
    )
  }, Effect.orDie)

  // No document: a person declared the plan. Null: there is no such plan.
  const documents = Effect.fn("Plans.documents")(function* (id: string) {
    const rows = yield* sql`select documents from plans where id = ${id}`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Documents)))
    )
    return rows[0]?.documents ?? null
  }, Effect.orDie)

  const history = Effect.fn("Plans.history")(
    (issueId: IssueId) =>
      sql`select dispatch_id, documents, to_jsonb(finished_at) as finished_at, case when verdict is not null then
          jsonb_build_object('kind', verdict, 'by', verdict_by, 'at', verdict_at, 'reason', verdict_reason) end as verdict,
          withdrawn_at is not null as withdrawn
        from plans where issue_id = ${issueId} order by id desc limit ${maxVersions}`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(PlanVersion)))
      ),
    Effect.orDie
  )

  const rejectedInARow = Effect.fn("Plans.rejectedInARow")(function* (issueId: IssueId) {
    const [row] = yield* sql`select count(*)::int as rejected from plans p where p.issue_id = ${issueId}
        and p.verdict = 'rejected' and not p.verdict_forgotten and not exists (
          select 1 from plans a where a.issue_id = p.issue_id and a.verdict = 'approved' and a.id > p.id)`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ rejected: Schema.Int })])))
    )
    return row.rejected
  }, Effect.orDie)

  const clearRejections = Effect.fn("Plans.forgetRejects")(function* (issueIds: ReadonlyArray<string>) {
    const cleared = yield* sql`update plans set verdict_forgotten = true
      where issue_id = any(${issueIds}::text[]) and verdict = 'rejected' and not verdict_forgotten returning id`
    return cleared.length > 0
  }, Effect.orDie)

  return {
    record,
    noteLabels,
    noteTaken,
    known,
    declare,
    withdraw,
    supersede,
    note,
    approve,
    current,
    documents,
    history,
    reject,
    rejectedInARow,
    clearRejections
  }
})

/** The plans of issues, each with its verdict. The newest of an issue counts, unless it was withdrawn. The only writer of `plans`. */
export class PlansRepo extends Context.Service<PlansRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/plans/PlansRepo"
) {
  static readonly layer = Layer.effect(PlansRepo, make).pipe(Layer.provide(TimelineRepo.layer))
}
