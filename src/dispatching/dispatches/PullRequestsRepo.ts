import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { PullRequest } from "../../domain/Dispatch.ts"
import type { Repository } from "../../upstreams/CodeHost.ts"

const OpenRow = Schema.Struct({ owner: Schema.String, repo: Schema.String, number: Schema.Int })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const open = sql`select owner, repo, number from pull_requests where state = 'open'`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(OpenRow))),
    Effect.orDie,
    Effect.withSpan("PullRequests.open")
  )

  /** Stores how open pull requests are now; one that was merged or closed becomes an event of its dispatch. True if any was. */
  const update = Effect.fn("PullRequests.update")(function* (
    { owner, repo }: Repository,
    pullRequests: ReadonlyArray<PullRequest>
  ) {
    const now = DateTime.toDateUtc(yield* DateTime.now)
    const ended = yield* sql`
      with seen as (
        update pull_requests p set state = s.state, draft = s.draft, seen_at = ${now}
        from jsonb_to_recordset(${JSON.stringify(pullRequests)}::jsonb) as s (number integer, state text, draft boolean)
        where p.owner = ${owner} and p.repo = ${repo} and p.number = s.number and p.state = 'open'
        returning p.dispatch_id, p.number, p.url, p.state)
      insert into dispatch_events (dispatch_id, at, type, actor, message, facts)
      select dispatch_id, ${now}, 'pull_request_' || state, null, 'Pull request #' || number || ' was ' || state,
        jsonb_build_object('number', number, 'url', url)
      from seen where state <> 'open' returning id`
    return ended.length > 0
  }, Effect.orDie)

  /** One that was closed is open again, and followed again. */
  const reopened = Effect.fn("PullRequests.reopened")(function* ({
    number,
    owner,
    repo
  }: Repository & { readonly number: number }) {
    const now = DateTime.toDateUtc(yield* DateTime.now)
    yield* sql`
      with seen as (
        update pull_requests set state = 'open', seen_at = ${now}
        where owner = ${owner} and repo = ${repo} and number = ${number} and state <> 'open'
        returning dispatch_id, number, url)
      insert into dispatch_events (dispatch_id, at, type, actor, message, facts)
      select dispatch_id, ${now}, 'pull_request_reopened', null, 'Pull request #' || number || ' was opened again',
        jsonb_build_object('number', number, 'url', url) from seen`
  }, Effect.orDie)

  return { open, update, reopened }
})

/** The pull requests of our dispatches, followed until merged or closed. */
export class PullRequestsRepo extends Context.Service<PullRequestsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/dispatches/PullRequestsRepo"
) {
  static readonly layer = Layer.effect(PullRequestsRepo, make)
}
