import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { Issue } from "../../domain/Issue.ts"
import { JsonTimestamp } from "../../domain/Text.ts"
import type { ReasonTag } from "../../domain/Reason.ts"
import type { TrackedIssue } from "../../upstreams/Tracker.ts"
import { DispatchId, type IssueId, StoredIssueId } from "../../domain/Ids.ts"

const { failures: _, held: __, ...own } = Issue.fields

const Row = Schema.Struct({
  ...own,
  failures: Schema.Struct({
    planning: Schema.Int,
    implementation: Schema.Int,
    backoffUntil: Schema.NullOr(JsonTimestamp),
    parkedAt: Schema.NullOr(JsonTimestamp)
  }),
  held: Schema.NullOr(Schema.Struct({ by: Schema.String, at: JsonTimestamp }))
})

const trackedPerPass = 50

const decodeIds = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ issueId: StoredIssueId })))

const decodeUnsettled = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ id: DispatchId, ended: Schema.Boolean }))
)

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const decode = Schema.decodeUnknownEffect(Schema.Array(Row))

  const tracked = sql`
    select t.issue_id from (
      select issue_id from dispatches where settled_at is null
      union select issue_id from dedup
      union select issue_id from issue_failures
      union select issue_id from issue_holds
    ) as t left join issues i on i.issue_id = t.issue_id
    order by i.seen_at nulls first, t.issue_id limit ${trackedPerPass}`.pipe(
    Effect.flatMap(decodeIds),
    Effect.map((rows) => rows.map(({ issueId }) => issueId)),
    Effect.orDie,
    Effect.withSpan("Issues.tracked")
  )

  // Stores what was read, unless a later reading is stored; returns the stored ids. Issues asked for and not returned count as missing once more.
  const storeIssues = Effect.fn("Issues.storeIssues")(
    function* (
      read: ReadonlyArray<TrackedIssue & { readonly candidate: boolean }>,
      missing: ReadonlyArray<string>,
      readAt: DateTime.Utc
    ) {
      const rows = read.map((issue) => ({
        issue_id: issue.id,
        identifier: issue.identifier,
        title: issue.title,
        description: issue.description,
        url: issue.url,
        team_id: issue.team.id,
        team_key: issue.team.key,
        priority: issue.priority,
        state_id: issue.state.id,
        state_name: issue.state.name,
        state_type: issue.state.type,
        labels: issue.labels,
        blocked_by: issue.blockedBy,
        more_blockers: issue.moreBlockers,
        created_at: DateTime.formatIso(issue.createdAt),
        updated_at: DateTime.formatIso(issue.updatedAt),
        candidate: issue.candidate
      }))
      const stored =
        yield* sql`insert into issues (issue_id, identifier, title, description, url, team_id, team_key, priority,
          state_id, state_name, state_type, labels, blocked_by, more_blockers, created_at, updated_at, seen_at, missing, candidate)
        select issue_id, identifier, title, description, url, team_id, team_key, priority, state_id, state_name,
          state_type, labels, blocked_by, more_blockers, created_at, updated_at, ${DateTime.toDateUtc(readAt)}, 0, candidate
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (issue_id text, identifier text, title text,
          description text, url text, team_id text, team_key text, priority integer, state_id text, state_name text,
          state_type text, labels text[], blocked_by jsonb, more_blockers boolean, created_at timestamptz,
          updated_at timestamptz, candidate boolean)
        on conflict (issue_id) do update set identifier = excluded.identifier, title = excluded.title,
          description = excluded.description, url = excluded.url, team_id = excluded.team_id, team_key = excluded.team_key,
          priority = excluded.priority, state_id = excluded.state_id, state_name = excluded.state_name,
          state_type = excluded.state_type, labels = excluded.labels, blocked_by = excluded.blocked_by,
          more_blockers = excluded.more_blockers, created_at = excluded.created_at, updated_at = excluded.updated_at,
          seen_at = excluded.seen_at, missing = 0, missing_since = null, candidate = excluded.candidate
        where issues.seen_at <= excluded.seen_at returning issue_id`.pipe(Effect.flatMap(decodeIds))
      yield* sql`update issues set missing = missing + 1, seen_at = ${DateTime.toDateUtc(readAt)},
          missing_since = coalesce(missing_since, ${DateTime.toDateUtc(readAt)})
        where issue_id = any(${missing}::text[]) and seen_at <= ${DateTime.toDateUtc(readAt)}`
      return new Set(stored.map(({ issueId }) => issueId))
    },
    sql.withTransaction,
    Effect.orDie
  )

  // What is stored of an issue stays while the tracker does not show all of it.
  const storeUnreadable = Effect.fn("Issues.storeUnreadable")(
    (issues: ReadonlyArray<TrackedIssue & { readonly candidate: boolean }>, readAt: DateTime.Utc) => {
      const seenAt = DateTime.toDateUtc(readAt)
      return Effect.forEach(
        issues,
        ({ candidate, id, identifier, state, team, title, url }) =>
          sql`insert into issues ${sql.insert({
            issueId: id,
            identifier,
            title,
            url,
            teamId: team.id,
            teamKey: team.key,
            priority: 0,
            stateId: state.id,
            stateName: state.name,
            stateType: state.type,
            labels: [],
            blockedBy: "[]",
            moreBlockers: false,
            createdAt: seenAt,
            updatedAt: seenAt,
            seenAt,
            missing: 0,
            candidate
          })} on conflict (issue_id) do update set seen_at = excluded.seen_at, missing = 0, missing_since = null,
            candidate = excluded.candidate where issues.seen_at <= excluded.seen_at`,
        { discard: true }
      )
    },
    Effect.orDie
  )

  const keepCandidates = Effect.fn("Issues.keepCandidates")(
    (issueIds: ReadonlyArray<string>, readAt: DateTime.Utc) =>
      sql`update issues set candidate = false where candidate and seen_at <= ${DateTime.toDateUtc(readAt)}
        and issue_id <> all(${issueIds}::text[])`.pipe(Effect.asVoid),
    Effect.orDie
  )

  // Issues with a live dispatch that two readings since then did not return.
  const absent = Effect.fn("Issues.absent")(
    (since: DateTime.Utc) =>
      sql`select i.issue_id from issues i join dispatches d on d.issue_id = i.issue_id
        where i.missing >= 2 and i.missing_since <= ${DateTime.toDateUtc(since)} and d.outcome is null`.pipe(
        Effect.flatMap(decodeIds),
        Effect.map((rows) => rows.map(({ issueId }) => issueId))
      ),
    Effect.orDie
  )

  const named = (ref: string) =>
    sql`(i.issue_id = ${ref.toLowerCase()} or upper(i.identifier) = ${ref.toUpperCase()})`

  const list = Effect.fn("Issues.list")(function* (filter: {
    readonly team?: string | undefined
    readonly reason?: ReasonTag | undefined
    readonly issue?: string | undefined
  }) {
    const filters = [
      ...(filter.team === undefined ? [] : [sql`i.team_key = ${filter.team}`]),
      ...(filter.reason === undefined ? [] : [sql`d.reason ->> '_tag' = ${filter.reason}`]),
      ...(filter.issue === undefined ? [] : [named(filter.issue)])
    ]
    return yield* sql`select i.issue_id, i.identifier, i.title, i.url, i.team_key, i.priority,
        jsonb_build_object('name', i.state_name, 'type', i.state_type) as state, i.labels,
        d.decision, d.phase, d.reason, d.since, d.pass_id,
        (select x.id from dispatches x where x.issue_id = i.issue_id order by x.id desc limit 1) as dispatch_id,
        (select x.expires_at from dedup x where x.issue_id = i.issue_id) as dedup_expires_at,
        (select jsonb_build_object(
            'planning', coalesce(max(f.failures) filter (where f.phase = 'planning'), 0),
            'implementation', coalesce(max(f.failures) filter (where f.phase = 'implementation'), 0),
            'backoffUntil', max(f.backoff_until), 'parkedAt', max(f.parked_at))
          from issue_failures f where f.issue_id = i.issue_id) as failures,
        (select jsonb_build_object('by', h.held_by, 'at', h.held_at)
          from issue_holds h where h.issue_id = i.issue_id) as held
      from decisions d join issues i on i.issue_id = d.issue_id
      where ${filters.length === 0 ? sql`true` : sql.and(filters)}
      order by d.since desc, i.identifier`.pipe(Effect.flatMap(decode))
  }, Effect.orDie)

  const unsettled = Effect.fn("Issues.unsettled")(function* (issueId: IssueId) {
    const rows = yield* sql`select id, outcome is not null as ended from dispatches
      where issue_id = ${issueId} and settled_at is null`.pipe(Effect.flatMap(decodeUnsettled))
    return rows[0] ?? null
  }, Effect.orDie)

  const setLabels = Effect.fn("Issues.setLabels")(
    (issueId: IssueId, labels: ReadonlyArray<string>) =>
      sql`update issues set labels = ${labels} where issue_id = ${issueId}`.pipe(Effect.asVoid),
    Effect.orDie
  )

  const upsert = (issue: TrackedIssue, readAt: DateTime.Utc) =>
    storeIssues([{ ...issue, candidate: true }], [], readAt)

  return { tracked, storeIssues, storeUnreadable, keepCandidates, absent, list, unsettled, setLabels, upsert }
})

export class IssuesRepo extends Context.Service<IssuesRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/issues/IssuesRepo"
) {
  static readonly layer = Layer.effect(IssuesRepo, make)
}
