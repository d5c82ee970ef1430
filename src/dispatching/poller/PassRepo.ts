import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import type { TrackedIssue } from "../../upstreams/Tracker.ts"
import { PlansRepo } from "../plans/PlansRepo.ts"

const trackedPerPass = 50

const IdRow = Schema.Struct({ issueId: Schema.String })
const decodeIds = Schema.decodeUnknownEffect(Schema.Array(IdRow))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom
  const plans = yield* PlansRepo
  const date = DateTime.toDateUtc

  /** The next epoch: every earlier holder's writes are refused from here on. */
  const raiseEpoch = Effect.fn("Pass.raiseEpoch")(
    (holder: string) =>
      sql`update instance set poller_epoch = poller_epoch + 1, poller_holder = ${holder}
        returning poller_epoch`.pipe(
        Effect.flatMap(
          Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ pollerEpoch: Schema.Int })]))
        ),
        Effect.map(([row]) => row.pollerEpoch)
      ),
    Effect.orDie
  )

  /** Whether no other holder has raised the epoch since. */
  const holds = Effect.fn("Pass.holds")(
    (epoch: number) =>
      sql`select 1 from instance where poller_epoch = ${epoch}`.pipe(Effect.map(({ length }) => length > 0)),
    Effect.orDie
  )

  /** The pass that was asked for, else a new one; begun. */
  const begin = Effect.fn("Pass.begin")(function* (epoch: number) {
    const now = date(yield* DateTime.now)
    const decode = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: Schema.String })))
    const asked = yield* sql`update passes set started_at = ${now}, epoch = ${epoch}
      where started_at is null returning id`.pipe(Effect.flatMap(decode))
    if (asked[0] !== undefined) return asked[0].id
    const id = yield* random.uuidV7()
    yield* sql`insert into passes (id, requested_at, started_at, epoch) values (${id}, ${now}, ${now}, ${epoch})`
    return id
  }, Effect.orDie)

  const finish = Effect.fn("Pass.finish")(function* (
    id: string,
    result: { readonly candidates: number; readonly dispatched: number; readonly error: string | null }
  ) {
    const now = yield* DateTime.now
    yield* sql`update passes set finished_at = ${date(now)}, ok = ${result.error === null},
      candidates = ${result.candidates}, dispatched = ${result.dispatched}, error = ${result.error} where id = ${id}`
    yield* sql`delete from passes where started_at < ${date(DateTime.subtract(now, { days: 2 }))}`
  }, Effect.orDie)

  const nextAt = Effect.fn("Pass.nextAt")(
    (at: DateTime.Utc) => sql`update instance set poller_next_at = ${date(at)}`.pipe(Effect.asVoid),
    Effect.orDie
  )

  /** Up to 50 issues we still owe something, those seen longest ago first. */
  const tracked = sql`
    select t.issue_id from (
      select issue_id from dispatches where settled_at is null
      union select issue_id from dedup
      union select issue_id from issue_failures
    ) as t left join issues i on i.issue_id = t.issue_id
    order by i.seen_at nulls first, t.issue_id limit ${trackedPerPass}`.pipe(
    Effect.flatMap(decodeIds),
    Effect.map((rows) => rows.map(({ issueId }) => issueId)),
    Effect.orDie,
    Effect.withSpan("Pass.tracked")
  )

  const expireDedup = Effect.fn("Pass.expireDedup")(function* () {
    const now = date(yield* DateTime.now)
    yield* sql`delete from dedup where expires_at <= ${now}`
  }, Effect.orDie)

  /** Stores what was read, unless it is known newer; answers what it stored. Issues asked for by id and not returned count as missing once more. */
  const storeIssues = Effect.fn("Pass.storeIssues")(
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
          state_type, labels, blocked_by, more_blockers, created_at, updated_at, ${date(readAt)}, 0, candidate
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (issue_id text, identifier text, title text,
          description text, url text, team_id text, team_key text, priority integer, state_id text, state_name text,
          state_type text, labels text[], blocked_by jsonb, more_blockers boolean, created_at timestamptz,
          updated_at timestamptz, candidate boolean)
        on conflict (issue_id) do update set identifier = excluded.identifier, title = excluded.title,
          description = excluded.description, url = excluded.url, team_id = excluded.team_id, team_key = excluded.team_key,
          priority = excluded.priority, state_id = excluded.state_id, state_name = excluded.state_name,
          state_type = excluded.state_type, labels = excluded.labels, blocked_by = excluded.blocked_by,
          more_blockers = excluded.more_blockers, created_at = excluded.created_at, updated_at = excluded.updated_at,
          seen_at = excluded.seen_at, missing = 0, candidate = excluded.candidate
        where issues.seen_at <= excluded.seen_at returning issue_id`.pipe(Effect.flatMap(decodeIds))
      yield* sql`update issues set missing = missing + 1, seen_at = ${date(readAt)}
        where issue_id = any(${missing}::text[]) and seen_at <= ${date(readAt)}`
      return new Set(stored.map(({ issueId }) => issueId))
    },
    sql.withTransaction,
    Effect.orDie
  )

  /** Only these are candidates now: what is known of the others grows old. */
  const keepCandidates = Effect.fn("Pass.keepCandidates")(
    (issueIds: ReadonlyArray<string>, readAt: DateTime.Utc) =>
      sql`update issues set candidate = false where candidate and seen_at <= ${date(readAt)}
        and issue_id <> all(${issueIds}::text[])`.pipe(Effect.asVoid),
    Effect.orDie
  )

  /** Issues with an unsettled dispatch that were not there twice in a row: deleted. */
  const deleted = sql`select i.issue_id from issues i join dispatches d on d.issue_id = i.issue_id
      where i.missing >= 2 and d.outcome is null`.pipe(
    Effect.flatMap(decodeIds),
    Effect.map((rows) => rows.map(({ issueId }) => issueId)),
    Effect.orDie
  )

  /** A completed or canceled issue is out of dedup, and its failures and rejects are forgotten. */
  const forget = Effect.fn("Pass.forget")(function* (issueIds: ReadonlyArray<string>) {
    yield* sql`delete from dedup where issue_id = any(${issueIds}::text[])`
    yield* sql`delete from issue_failures where issue_id = any(${issueIds}::text[])`
    yield* plans.forgetRejects(issueIds)
  }, Effect.orDie)

  return {
    raiseEpoch,
    holds,
    begin,
    finish,
    nextAt,
    tracked,
    expireDedup,
    storeIssues,
    keepCandidates,
    deleted,
    forget
  }
})

/** What one pass reads and leaves in the database. */
export class PassRepo extends Context.Service<PassRepo, Effect.Success<typeof make>>()(
  "ai-implement/Poller/PassRepo"
) {
  static readonly layer = Layer.effect(PassRepo, make)
}
