import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { DedupEntry } from "../../domain/Dedup.ts"
import { Issue } from "../../domain/Issue.ts"
import { JsonTimestamp } from "../../domain/Text.ts"
import type { ReasonTag } from "../../domain/Reason.ts"
import type { TrackedIssue } from "../../upstreams/Tracker.ts"
import { PlansRepo } from "../plans/PlansRepo.ts"
import { PassRepo } from "../poller/PassRepo.ts"

const { failures: _, ...own } = Issue.fields

const Row = Schema.Struct({
  ...own,
  failures: Schema.Struct({
    planning: Schema.Int,
    implementation: Schema.Int,
    backoffUntil: Schema.NullOr(JsonTimestamp),
    parkedAt: Schema.NullOr(JsonTimestamp)
  })
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const pass = yield* PassRepo
  const plans = yield* PlansRepo
  const decode = Schema.decodeUnknownEffect(Schema.Array(Row))

  const named = (ref: string, alias: "i" | "x") =>
    sql`(${sql(`${alias}.issue_id`)} = ${ref.toLowerCase()} or upper(${sql(
      alias === "i" ? "i.identifier" : "x.issue_identifier"
    )}) = ${ref.toUpperCase()})`

  const list = Effect.fn("Candidates.list")(function* (filter: {
    readonly team?: string | undefined
    readonly reason?: ReasonTag | undefined
    readonly issue?: string | undefined
  }) {
    const filters = [
      ...(filter.team === undefined ? [] : [sql`i.team_key = ${filter.team}`]),
      ...(filter.reason === undefined ? [] : [sql`d.reason ->> '_tag' = ${filter.reason}`]),
      ...(filter.issue === undefined ? [] : [named(filter.issue, "i")])
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
          from issue_failures f where f.issue_id = i.issue_id) as failures
      from decisions d join issues i on i.issue_id = d.issue_id
      where ${filters.length === 0 ? sql`true` : sql.and(filters)}
      order by d.since desc, i.identifier`.pipe(Effect.flatMap(decode))
  }, Effect.orDie)

  const dedup = sql`select issue_id, issue_identifier, issue_title, dispatched_at, expires_at from dedup
    where expires_at > now() order by dispatched_at desc, issue_id`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(DedupEntry))),
    Effect.orDie,
    Effect.withSpan("Candidates.dedup")
  )

  const issueInDedup = Effect.fn("Candidates.issueInDedup")(function* (ref: string) {
    const rows = yield* sql`select x.issue_id from dedup x where ${named(ref, "x")}`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ issueId: Schema.String }))))
    )
    return rows[0]?.issueId ?? null
  }, Effect.orDie)

  /** Forgets dedup, backoff, parking and counted rejects of an issue; names what there was. */
  const clearMemory = Effect.fn("Candidates.clearMemory")(
    function* (issueId: string) {
      const dedup = yield* sql`delete from dedup where issue_id = ${issueId} returning issue_id`
      const failures = yield* sql`delete from issue_failures where issue_id = ${issueId}
        returning backoff_until is not null as backoff, parked_at is not null as parked`.pipe(
        Effect.flatMap(
          Schema.decodeUnknownEffect(
            Schema.Array(Schema.Struct({ backoff: Schema.Boolean, parked: Schema.Boolean }))
          )
        )
      )
      return [
        ...(dedup.length > 0 ? ["dedup"] : []),
        ...(failures.some(({ backoff }) => backoff) ? ["backoff"] : []),
        ...(failures.some(({ parked }) => parked) ? ["parked"] : []),
        ...((yield* plans.forgetRejects([issueId])) ? ["rejects"] : [])
      ]
    },
    sql.withTransaction,
    Effect.orDie
  )

  const hasUnsettled = Effect.fn("Candidates.hasUnsettled")(function* (issueId: string) {
    const rows = yield* sql`select 1 from dispatches where issue_id = ${issueId} and settled_at is null`
    return rows.length > 0
  }, Effect.orDie)

  const see = (issue: TrackedIssue, readAt: DateTime.Utc) =>
    pass.storeIssues([{ ...issue, candidate: true }], [], readAt)

  return { list, dedup, issueInDedup, clearMemory, hasUnsettled, see }
})

/** Candidates and what is remembered of them. */
export class CandidatesRepo extends Context.Service<CandidatesRepo, Effect.Success<typeof make>>()(
  "ai-implement/Candidates/CandidatesRepo"
) {
  static readonly layer = Layer.effect(CandidatesRepo, make)
}
