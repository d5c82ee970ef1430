import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { PullRequest } from "../../domain/Dispatch.ts"
import type { Repository } from "../../upstreams/CodeHost.ts"
import type { DispatchRow } from "./DispatchRow.ts"
import { pullRequestEnded, pullRequestReopened } from "./timelineEvents.ts"
import { TimelineRepo } from "./TimelineRepo.ts"

const OpenRow = Schema.Struct({ owner: Schema.String, repo: Schema.String, number: Schema.Int })

export type FoundPullRequest = PullRequest & { readonly branch: string }

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const timeline = yield* TimelineRepo
  const date = Effect.map(DateTime.now, DateTime.toDateUtc)

  const open = sql`select owner, repo, number from pull_requests where state = 'open'`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(OpenRow))),
    Effect.orDie,
    Effect.withSpan("PullRequests.open")
  )

  const upsert = Effect.fn("PullRequests.upsert")(function* (
    row: Pick<DispatchRow, "id" | "issueId" | "owner" | "repo">,
    found: FoundPullRequest
  ) {
    yield* sql`insert into pull_requests ${sql.insert({
      owner: row.owner,
      repo: row.repo,
      number: found.number,
      url: found.url,
      state: found.state,
      draft: found.draft,
      branch: found.branch,
      issueId: row.issueId,
      dispatchId: row.id,
      seenAt: yield* date
    })} on conflict (owner, repo, number) do update set state = excluded.state, draft = excluded.draft,
      dispatch_id = excluded.dispatch_id, issue_id = excluded.issue_id, seen_at = excluded.seen_at`
  }, Effect.orDie)

  const update = Effect.fn("PullRequests.update")(function* (
    { owner, repo }: Repository,
    pullRequests: ReadonlyArray<PullRequest>
  ) {
    const now = yield* date
    const rows = pullRequests.map(({ draft, number, state }) => ({
      number,
      state,
      draft,
      ...pullRequestEnded({ number, state })
    }))
    const ended = yield* sql`
      with seen as (
        update pull_requests p set state = s.state, draft = s.draft, seen_at = ${now}
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
          as s (number integer, state text, draft boolean, type text, message text)
        where p.owner = ${owner} and p.repo = ${repo} and p.number = s.number and p.state = 'open'
        returning p.dispatch_id, p.number, p.url, p.state, s.type, s.message)
      ${timeline.insert(sql`select dispatch_id, ${now}, type, null, message,
        jsonb_build_object('number', number, 'url', url) from seen where state <> 'open'`)} returning id`
    return ended.length > 0
  }, Effect.orDie)

  const reopened = Effect.fn("PullRequests.reopened")(function* ({
    number,
    owner,
    repo
  }: Repository & { readonly number: number }) {
    const now = yield* date
    const { message, type } = pullRequestReopened(number)
    yield* sql`
      with seen as (
        update pull_requests set state = 'open', seen_at = ${now}
        where owner = ${owner} and repo = ${repo} and number = ${number} and state <> 'open'
        returning dispatch_id, number, url)
      ${timeline.insert(sql`select dispatch_id, ${now}, ${type}, null, ${message},
        jsonb_build_object('number', number, 'url', url) from seen`)}`
  }, Effect.orDie)

  return { open, upsert, update, reopened }
})

export class PullRequestsRepo extends Context.Service<PullRequestsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/PullRequestsRepo"
) {
  static readonly layer = Layer.effect(PullRequestsRepo, make).pipe(Layer.provide(TimelineRepo.layer))
}
