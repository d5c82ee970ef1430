import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { AppConfig } from "../../platform/Config.ts"
import { DispatchStatus } from "../../domain/DispatchStatus.ts"
import { closedStates } from "../../domain/IssueState.ts"
import { occupyingLabels } from "../../domain/Labels.ts"
import { Mapping } from "../../domain/Mapping.ts"
import { Phase } from "../../domain/Modes.ts"
import { PlanVerdict } from "../../domain/Plan.ts"
import { JsonTimestamp, Timestamp } from "../../domain/Text.ts"
import { knownReadiness, StoredReadiness } from "../decision/knownReadiness.ts"
import type { TrackedIssue } from "../../upstreams/Tracker.ts"
import type { IssueFacts } from "../decision/decide.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { DispatchId, StoredIssueId, StoredTeamKey, type TeamKey } from "../../domain/Ids.ts"

const StoredFailures = Schema.Struct({
  failures: Schema.Int,
  backoffUntil: Schema.NullOr(JsonTimestamp),
  parkedAt: Schema.NullOr(JsonTimestamp),
  last: Schema.NullOr(Schema.String)
})

const IssueRow = Schema.Struct({
  issueId: StoredIssueId,
  unsettled: Schema.NullOr(
    Schema.Struct({
      id: DispatchId,
      phase: Phase,
      status: DispatchStatus,
      ended: Schema.Boolean,
      pending: Schema.Array(Schema.String),
      question: Schema.NullOr(Schema.Struct({ id: Schema.String, expiresAt: JsonTimestamp }))
    })
  ),
  settledSince: Schema.NullOr(Schema.Struct({ id: Schema.String })),
  openPullRequest: Schema.NullOr(Schema.Struct({ url: Schema.String })),
  plan: Schema.NullOr(
    Schema.Struct({
      dispatchId: Schema.NullOr(DispatchId),
      finishedAt: JsonTimestamp,
      verdict: Schema.NullOr(PlanVerdict),
      approvalIgnored: Schema.Boolean
    })
  ),
  held: Schema.NullOr(Schema.Struct({ by: Schema.String, at: JsonTimestamp })),
  dedupUntil: Schema.NullOr(Timestamp),
  planning: Schema.NullOr(StoredFailures),
  implementation: Schema.NullOr(StoredFailures)
})

export type StoredFacts = typeof IssueRow.Type

const TeamRow = Schema.Struct({
  teamKey: StoredTeamKey,
  used: Schema.Int,
  lastHour: Schema.Int,
  oldestLastHour: Schema.NullOr(Timestamp),
  readiness: Schema.NullOr(StoredReadiness)
})
export type TeamFacts = typeof TeamRow.Type

const unmapped = { mapping: null, readiness: null, used: 0, hourlyLimitUntil: null }

const hourlyLimitUntil = ({ lastHour, oldestLastHour }: TeamFacts, perHour: number) =>
  perHour > 0 && oldestLastHour !== null && lastHour >= perHour
    ? DateTime.add(oldestLastHour, { hours: 1 })
    : null

export const gatherFrom = ({
  perHour,
  stored,
  teams
}: {
  readonly perHour: number
  readonly stored: (
    ids: ReadonlyArray<string>,
    readAt: DateTime.Utc
  ) => Effect.Effect<ReadonlyArray<StoredFacts>>
  readonly teams: (keys: ReadonlyArray<TeamKey>, now: DateTime.Utc) => Effect.Effect<ReadonlyArray<TeamFacts>>
}) =>
  Effect.fn("Facts.gather")(function* (
    issues: ReadonlyArray<TrackedIssue>,
    readAt: DateTime.Utc,
    mappings: ReadonlyArray<Mapping>,
    context: DispatchContext
  ) {
    const mapped = new Map(mappings.map((mapping) => [mapping.teamKey, mapping]))
    const rows = yield* teams([...mapped.keys()], context.now)
    const ofTeam = new Map(
      rows.map((team) => {
        const mapping = mapped.get(team.teamKey) ?? null
        const readiness = knownReadiness(mapping, context, team.readiness)
        return [
          team.teamKey,
          { mapping, readiness, used: team.used, hourlyLimitUntil: hourlyLimitUntil(team, perHour) }
        ]
      })
    )
    const ids = issues.map(({ id }) => id)
    const ofIssue = new Map((yield* stored(ids, readAt)).map((row) => [row.issueId, row]))
    const candidates = issues.flatMap((issue): ReadonlyArray<IssueFacts> => {
      const row = ofIssue.get(issue.id)
      if (row === undefined) return []
      const { implementation, planning, ...own } = row
      const team = ofTeam.get(issue.team.key) ?? unmapped
      return [{ issue, ...own, failures: { planning, implementation }, ...team }]
    })
    const used = new Map(rows.map(({ lastHour, teamKey }) => [teamKey, lastHour]))
    return { candidates, hourlyLimit: { perHour, used } }
  })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const { MAX_DISPATCHES_PER_HOUR: perHour } = yield* AppConfig
  const decodeIssues = Schema.decodeUnknownEffect(Schema.Array(IssueRow))
  const decodeTeams = Schema.decodeUnknownEffect(Schema.Array(TeamRow))
  const decodeMappings = Schema.decodeUnknownEffect(Schema.Array(Mapping))

  const failuresOf = (phase: Phase) => sql`(
    select jsonb_build_object('failures', f.failures, 'backoffUntil', f.backoff_until, 'parkedAt', f.parked_at, 'last', f.last)
    from issue_failures f where f.issue_id = i.issue_id and f.phase = ${phase})`

  const stored = Effect.fn("Facts.stored")(
    (ids: ReadonlyArray<string>, readAt: DateTime.Utc) =>
      sql`select i.issue_id,
        (select jsonb_build_object('id', d.id, 'phase', d.phase, 'status', d.status, 'ended', d.outcome is not null,
            'pending', coalesce((select jsonb_agg(e.effect order by e.effect) from settlement_effects e
              where e.dispatch_id = d.id and e.state = 'pending'), '[]'::jsonb),
            'question', (select jsonb_build_object('id', q.id, 'expiresAt', q.expires_at) from questions q
              where q.dispatch_id = d.id and q.closed_at is null order by q.expires_at limit 1))
          from dispatches d where d.issue_id = i.issue_id and d.settled_at is null) as unsettled,
        (select jsonb_build_object('id', d.id) from dispatches d
          where d.issue_id = i.issue_id and d.settled_at >= ${DateTime.toDateUtc(readAt)}
          order by d.id desc limit 1) as settled_since,
        (select jsonb_build_object('url', p.url) from pull_requests p
          where p.issue_id = i.issue_id and p.state = 'open' order by p.number desc limit 1) as open_pull_request,
        (select case when p.withdrawn_at is null then jsonb_build_object('dispatchId', p.dispatch_id,
            'finishedAt', p.finished_at, 'verdict', p.verdict, 'approvalIgnored', p.approval_ignored) end
          from plans p where p.issue_id = i.issue_id order by p.id desc limit 1) as plan,
        (select jsonb_build_object('by', h.held_by, 'at', h.held_at) from issue_holds h
          where h.issue_id = i.issue_id) as held,
        (select d.expires_at from dedup d where d.issue_id = i.issue_id) as dedup_until,
        ${failuresOf("planning")} as planning, ${failuresOf("implementation")} as implementation
      from unnest(${ids}::text[]) as i (issue_id)`.pipe(Effect.flatMap(decodeIssues)),
    Effect.orDie
  )

  const teams = Effect.fn("Facts.teams")(
    (keys: ReadonlyArray<string>, now: DateTime.Utc) =>
      sql`select t.team_key,
        (select count(*)::int from (
          select d.issue_id from dispatches d where d.team_key = t.team_key and d.outcome is null
          union
          select i.issue_id from issues i where i.team_key = t.team_key and i.missing = 0
            and i.state_type <> all(${closedStates})
            and exists (select 1 from unnest(i.labels) as l where lower(l) = any(${occupyingLabels.map((label) => label.toLowerCase())}))
            and (i.candidate or exists (select 1 from dedup x where x.issue_id = i.issue_id)
              or exists (select 1 from issue_failures f where f.issue_id = i.issue_id))
            and not exists (select 1 from dispatches d where d.issue_id = i.issue_id
              and (d.settled_at is null or d.settled_at >= i.seen_at))
        ) as taken) as used,
        (select count(*)::int from dispatches d where d.team_key = t.team_key
          and d.reserved_at > ${DateTime.toDateUtc(DateTime.subtract(now, { hours: 1 }))}) as last_hour,
        (select min(d.reserved_at) from dispatches d where d.team_key = t.team_key
          and d.reserved_at > ${DateTime.toDateUtc(DateTime.subtract(now, { hours: 1 }))}) as oldest_last_hour,
        (select jsonb_build_object('fingerprint', r.fingerprint, 'problems', r.problems,
          'undeclaredInputs', r.undeclared_inputs) from readiness r where r.team_key = t.team_key) as readiness
      from unnest(${keys}::text[]) as t (team_key)`.pipe(Effect.flatMap(decodeTeams)),
    Effect.orDie
  )

  const mappings = sql`select * from mappings`.pipe(Effect.flatMap(decodeMappings), Effect.orDie)

  const lockMapping = Effect.fnUntraced(function* (teamKey: TeamKey) {
    const rows = yield* sql`select * from mappings where team_key = ${teamKey} for update`.pipe(
      Effect.flatMap(decodeMappings)
    )
    return rows[0] ?? null
  }, Effect.orDie)

  const autoApprovesPlans = Effect.fn("Facts.autoApprovesPlans")(function* (teamKey: TeamKey) {
    const rows = yield* sql`select 1 from mappings where team_key = ${teamKey} and auto_approve_plans`
    return rows.length > 0
  }, Effect.orDie)

  return {
    gather: gatherFrom({ stored, teams, perHour }),
    teams,
    mappings,
    lockMapping,
    autoApprovesPlans
  }
})

export class FactsRepo extends Context.Service<FactsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/issues/FactsRepo"
) {
  static readonly layer = Layer.effect(FactsRepo, make)
}
