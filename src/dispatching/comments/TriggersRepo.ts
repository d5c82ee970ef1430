import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { Signals } from "../../platform/Signals.ts"
import { PullRequest } from "../../domain/Dispatch.ts"
import { Timestamp } from "../../domain/Text.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"
import { DispatchId, StoredIssueId, StoredTeamKey } from "../../domain/Ids.ts"

export interface CommentRef {
  readonly owner: string
  readonly repo: string
  readonly prNumber: number
  readonly commentId: number
}

const Trigger = Schema.Struct({
  owner: Schema.String,
  repo: Schema.String,
  commentId: Schema.Int,
  prNumber: Schema.Int,
  attempts: Schema.Int,
  detail: Schema.NullOr(Schema.String),
  receivedAt: Timestamp
})
export type Trigger = typeof Trigger.Type

const Ours = Schema.Struct({
  owner: Schema.String,
  repo: Schema.String,
  issueId: StoredIssueId,
  dispatchId: DispatchId,
  state: PullRequest.fields.state,
  teamKey: StoredTeamKey,
  /** Whether the team is still mapped to this repository. */
  mapped: Schema.Boolean
})
export type OurPullRequest = typeof Ours.Type

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const signals = yield* Signals
  const timeline = yield* TimelineRepo
  const date = DateTime.toDateUtc

  const add = Effect.fn("CommentTriggers.add")(function* (comment: CommentRef) {
    const now = date(yield* DateTime.now)
    yield* sql`insert into comment_triggers ${sql.insert({
      ...comment,
      owner: comment.owner.toLowerCase(),
      repo: comment.repo.toLowerCase(),
      state: "pending",
      nextAt: now,
      receivedAt: now
    })} on conflict do nothing`
    yield* signals.notify("comments")
  }, Effect.orDie)

  // Claims the most overdue comment by storing when it is due again.
  const take = Effect.fn("CommentTriggers.take")(function* (retryAt: (attempts: number) => DateTime.Utc) {
    const now = date(yield* DateTime.now)
    const decode = Schema.decodeUnknownEffect(Schema.Array(Trigger))
    const [due] = yield* sql`select * from comment_triggers where state = 'pending' and next_at <= ${now}
      order by next_at, comment_id limit 1`.pipe(Effect.flatMap(decode))
    if (due === undefined) return null
    const attempts = due.attempts + 1
    const taken =
      yield* sql`update comment_triggers set attempts = ${attempts}, next_at = ${date(retryAt(attempts))}
      where owner = ${due.owner} and repo = ${due.repo} and comment_id = ${due.commentId}
        and state = 'pending' and attempts = ${due.attempts} returning attempts`
    return taken.length === 0 ? null : { ...due, attempts }
  }, Effect.orDie)

  const conclude = Effect.fn("CommentTriggers.conclude")(
    function* (
      { attempts, commentId, owner, repo }: Trigger,
      state: "done" | "refused" | null,
      detail: string,
      dispatchId: DispatchId | null
    ) {
      const changed = yield* sql`update comment_triggers set state = ${state ?? "pending"}, detail = ${detail}
        where owner = ${owner} and repo = ${repo} and comment_id = ${commentId} and state = 'pending'
        returning comment_id`
      const isNews = state === "refused" || (state === null && attempts === 1)
      if (changed.length === 0 || dispatchId === null || !isNews) return
      const type = state === null ? "comment_waits" : "comment_refused"
      yield* timeline.add(dispatchId, { type, message: detail, facts: { commentId } })
    },
    sql.withTransaction,
    Effect.orDie
  )

  const pullRequest = Effect.fn("CommentTriggers.pullRequest")(function* ({
    owner,
    prNumber,
    repo
  }: Trigger) {
    const rows = yield* sql`select p.owner, p.repo, p.issue_id, p.dispatch_id, p.state, d.team_key,
        exists (select 1 from mappings m where m.team_key = d.team_key
          and lower(m.owner) = ${owner} and lower(m.repo) = ${repo}) as mapped
      from pull_requests p join dispatches d on d.id = p.dispatch_id
      where lower(p.owner) = ${owner} and lower(p.repo) = ${repo} and p.number = ${prNumber}`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Ours)))
    )
    return rows[0] ?? null
  }, Effect.orDie)

  const mayBeOurs = Effect.fn("CommentTriggers.mayBeOurs")(function* ({ owner, repo }: Trigger) {
    const rows = yield* sql`select 1 from dispatches
      where settled_at is null and lower(owner) = ${owner} and lower(repo) = ${repo} limit 1`
    return rows.length > 0
  }, Effect.orDie)

  const dispatched = Effect.fn("CommentTriggers.dispatched")(function* (commentId: number) {
    const rows = yield* sql`select id from dispatches where comment_id = ${commentId}`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ id: DispatchId }))))
    )
    return rows[0]?.id ?? null
  }, Effect.orDie)

  return { add, take, conclude, pullRequest, mayBeOurs, dispatched }
})

export class TriggersRepo extends Context.Service<TriggersRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/comments/TriggersRepo"
) {
  static readonly layer = Layer.effect(TriggersRepo, make).pipe(Layer.provide(TimelineRepo.layer))
}
