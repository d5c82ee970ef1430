import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Statement from "effect/sql/Statement"
import { Reason } from "../../domain/Reason.ts"
import { Timestamp } from "../../domain/Text.ts"
import type { PlannedIssue } from "../decision/decideAll.ts"
import { type IssueId, StoredIssueId, StoredTeamKey } from "../../domain/Ids.ts"

const encodeReason = Schema.encodeSync(Reason)

const Decided = Schema.Struct({
  passId: Schema.String,
  seenAt: Timestamp,
  id: StoredIssueId,
  identifier: Schema.String,
  title: Schema.String,
  description: Schema.NullOr(Schema.String),
  url: Schema.String,
  priority: Schema.Int,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  labels: Schema.Array(Schema.String),
  state: Schema.Struct({ id: Schema.String, name: Schema.String, type: Schema.String }),
  team: Schema.Struct({ id: Schema.String, key: StoredTeamKey }),
  blockedBy: Schema.Array(Schema.Struct({ identifier: Schema.String, url: Schema.String })),
  moreBlockers: Schema.Boolean
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const put = (
    planned: ReadonlyArray<PlannedIssue>,
    passId: string,
    at: DateTime.Utc,
    where: Statement.Fragment
  ) => {
    const rows = planned.map(({ facts, decision }) => ({
      issue_id: facts.issue.id,
      decision: decision.kind,
      phase: decision.kind === "dispatch" ? decision.phase : null,
      reason: decision.kind === "wait" ? encodeReason(decision.reason) : null
    }))
    return sql`insert into decisions (issue_id, decision, phase, reason, since, pass_id, missing)
      select issue_id, decision, phase, nullif(reason, 'null'::jsonb), ${DateTime.toDateUtc(at)}, ${passId}, 0
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r (issue_id text, decision text, phase text, reason jsonb)
      where ${where}
      on conflict (issue_id) do update set decision = excluded.decision, phase = excluded.phase,
        reason = excluded.reason, pass_id = excluded.pass_id, missing = 0,
        since = case when decisions.decision = excluded.decision
          and decisions.reason ->> '_tag' is not distinct from excluded.reason ->> '_tag'
          then decisions.since else excluded.since end
      where decisions.since <= excluded.since`
  }

  const store = Effect.fn("Decisions.store")(
    function* (passId: string, epoch: number, at: DateTime.Utc, planned: ReadonlyArray<PlannedIssue>) {
      yield* put(planned, passId, at, sql`(select poller_epoch from instance) = ${epoch}`)
      yield* sql`update decisions set missing = missing + 1
        where pass_id <> ${passId} and (select poller_epoch from instance) = ${epoch}`
      yield* sql`delete from decisions where missing >= 2`
    },
    sql.withTransaction,
    Effect.orDie
  )

  const decided = Effect.fn("Decisions.decided")(function* (issueId: IssueId) {
    const rows =
      yield* sql`select d.pass_id, i.seen_at, i.issue_id as id, i.identifier, i.title, i.description,
        i.url, i.priority, i.created_at, i.updated_at, i.labels, i.blocked_by, i.more_blockers,
        jsonb_build_object('id', i.state_id, 'name', i.state_name, 'type', i.state_type) as state,
        jsonb_build_object('id', i.team_id, 'key', i.team_key) as team
      from decisions d join issues i on i.issue_id = d.issue_id where d.issue_id = ${issueId}`.pipe(
        Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Decided)))
      )
    return rows[0] ?? null
  }, Effect.orDie)

  const replace = Effect.fn("Decisions.replace")(
    (planned: ReadonlyArray<PlannedIssue>, passId: string, at: DateTime.Utc) =>
      put(planned, passId, at, sql`true`).pipe(Effect.asVoid),
    Effect.orDie
  )

  return { store, decided, replace }
})

export class DecisionsRepo extends Context.Service<DecisionsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/issues/DecisionsRepo"
) {
  static readonly layer = Layer.effect(DecisionsRepo, make)
}
