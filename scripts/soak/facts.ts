import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as SqlClient from "effect/sql/SqlClient"
import { Phase } from "../../src/domain/Modes.ts"
import { OutcomeKind } from "../../src/domain/DispatchStatus.ts"
import { PlanVerdict } from "../../src/domain/Plan.ts"
import { Reason } from "../../src/domain/Reason.ts"
import type { Demo } from "../../src/sandbox/demo.ts"
import { identifierOf, known } from "../../src/sandbox/linear/Store.ts"

const nullable = Schema.NullOr
/** Milliseconds. */
const Time = Schema.Finite

/** What the service's database says at one moment. */
export const Snapshot = Schema.Struct({
  at: Time,
  mappings: Schema.Array(
    Schema.Struct({
      teamKey: Schema.String,
      cap: Schema.Int,
      planning: Schema.Boolean,
      autoApprove: Schema.Boolean
    })
  ),
  decisions: Schema.Array(
    Schema.Struct({
      issueId: Schema.String,
      decision: Schema.Literals(["dispatch", "wait"]),
      phase: nullable(Phase),
      reason: nullable(Reason),
      since: Time,
      passStartedAt: Time
    })
  ),
  lastPassStartedAt: nullable(Time),
  dispatches: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      issueId: Schema.String,
      teamKey: Schema.String,
      phase: Phase,
      executionMode: Schema.String,
      status: Schema.String,
      kind: nullable(OutcomeKind),
      reason: nullable(Schema.String),
      reservedAt: Time,
      finishedAt: nullable(Time),
      settledAt: nullable(Time)
    })
  ),
  dedup: Schema.Array(Schema.Struct({ issueId: Schema.String, until: Time })),
  failures: Schema.Array(
    Schema.Struct({
      issueId: Schema.String,
      phase: Phase,
      failures: Schema.Int,
      backoffUntil: nullable(Time),
      parkedAt: nullable(Time)
    })
  ),
  plans: Schema.Array(
    Schema.Struct({
      issueId: Schema.String,
      dispatchId: nullable(Schema.String),
      verdict: nullable(PlanVerdict),
      verdictAt: nullable(Time)
    })
  ),
  pullRequests: Schema.Array(
    Schema.Struct({ issueId: Schema.String, url: Schema.String, state: Schema.String })
  ),
  questions: Schema.Array(
    Schema.Struct({ id: Schema.String, answered: Schema.Boolean, closed: Schema.Boolean })
  )
})
export type Snapshot = typeof Snapshot.Type

const Row = Schema.Tuple([Schema.Struct({ snapshot: Snapshot })])

/** One statement, so one moment. */
export const snapshot = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const rows = yield* sql`
    with ms as (select 1000 as k)
    select jsonb_build_object(
      'at', extract(epoch from clock_timestamp()) * 1000,
      'mappings', (select coalesce(jsonb_agg(jsonb_build_object('teamKey', team_key,
        'cap', max_in_progress_ai_issues, 'planning', planning_enabled, 'autoApprove', auto_approve_plans)), '[]')
        from mappings),
      'decisions', (select coalesce(jsonb_agg(jsonb_build_object('issueId', d.issue_id, 'decision', d.decision,
        'phase', d.phase, 'reason', d.reason, 'since', extract(epoch from d.since) * 1000,
        'passStartedAt', extract(epoch from p.started_at) * 1000)), '[]')
        from decisions d join passes p on p.id = d.pass_id),
      'lastPassStartedAt', (select extract(epoch from max(started_at)) * 1000 from passes where ok and candidates > 0),
      'dispatches', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'issueId', issue_id,
        'teamKey', team_key, 'phase', phase, 'executionMode', execution_mode, 'status', status,
        'kind', outcome ->> 'kind', 'reason', outcome ->> 'reason',
        'reservedAt', extract(epoch from reserved_at) * 1000, 'finishedAt', extract(epoch from finished_at) * 1000,
        'settledAt', extract(epoch from settled_at) * 1000) order by id), '[]') from dispatches),
      'dedup', (select coalesce(jsonb_agg(jsonb_build_object('issueId', issue_id,
        'until', extract(epoch from expires_at) * 1000)), '[]') from dedup),
      'failures', (select coalesce(jsonb_agg(jsonb_build_object('issueId', issue_id, 'phase', phase,
        'failures', failures, 'backoffUntil', extract(epoch from backoff_until) * 1000,
        'parkedAt', extract(epoch from parked_at) * 1000)), '[]') from issue_failures),
      'plans', (select coalesce(jsonb_agg(jsonb_build_object('issueId', issue_id, 'dispatchId', dispatch_id,
        'verdict', verdict, 'verdictAt', extract(epoch from verdict_at) * 1000) order by id), '[]') from plans),
      'pullRequests', (select coalesce(jsonb_agg(jsonb_build_object('issueId', issue_id, 'url', url,
        'state', state)), '[]') from pull_requests),
      'questions', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'answered', answered_at is not null,
        'closed', closed_at is not null)), '[]') from questions)
    ) as snapshot`
  const [{ snapshot }] = yield* Schema.decodeUnknownEffect(Row)(rows)
  return snapshot
}, Effect.orDie)

/** An issue as Linear has it. */
export interface SeenIssue {
  readonly id: string
  readonly identifier: string
  readonly teamKey: string
  readonly open: boolean
  readonly labels: ReadonlyArray<string>
  /** Identifiers of the issues that block it and are still open. */
  readonly blockedBy: ReadonlyArray<string>
  /** Milliseconds; of the issue, or of one that blocks it. */
  readonly changedAt: number
}

const closed = new Set(["completed", "canceled"])

/** Linear at this moment. */
export const seenIssues = ({ linear: { store } }: Demo): ReadonlyArray<SeenIssue> => {
  const isOpen = (stateId: string) => !closed.has(known(store.states, stateId).type)
  const blocks = [...store.relations.values()].filter(({ type }) => type === "blocks")
  return [...store.issues.values()].map((issue) => {
    const blockers = blocks.flatMap(({ issueId, relatedIssueId }) =>
      relatedIssueId === issue.id ? [known(store.issues, issueId)] : []
    )
    return {
      id: issue.id,
      identifier: identifierOf(store, issue),
      teamKey: known(store.teams, issue.teamId).key,
      open: isOpen(issue.stateId) && issue.archivedAt === null,
      labels: issue.labelIds.map((id) => known(store.labels, id).name),
      blockedBy: blockers.flatMap((one) => (isOpen(one.stateId) ? identifierOf(store, one) : [])),
      changedAt: Math.max(...[issue, ...blockers].map(({ updatedAt }) => Date.parse(updatedAt)))
    }
  })
}

/** Linear between two looks at the database: what held at neither end of it held at no moment of it. */
export interface Sample {
  readonly before: Snapshot
  readonly issues: ReadonlyArray<SeenIssue>
  readonly after: Snapshot
}

export const sample = Effect.fnUntraced(function* (demo: Demo): Effect.fn.Return<Sample> {
  const before = yield* snapshot(demo.sql)
  const issues = seenIssues(demo)
  return { before, issues, after: yield* snapshot(demo.sql) }
})
