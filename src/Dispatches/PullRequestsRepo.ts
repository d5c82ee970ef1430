import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { PullRequest } from "../domain/Dispatch.ts"
import type { Repository } from "../Repositories.ts"

const OpenRow = Schema.Struct({ owner: Schema.String, repo: Schema.String, number: Schema.Int })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const open = sql`select owner, repo, number from pull_requests where state = 'open'`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(OpenRow))),
    Effect.orDie,
    Effect.withSpan("PullRequests.open")
  )

  const update = Effect.fn("PullRequests.update")(function* (
    { owner, repo }: Repository,
    pullRequests: ReadonlyArray<PullRequest>
  ) {
    const now = DateTime.toDateUtc(yield* DateTime.now)
    for (const each of pullRequests) {
      yield* sql`update pull_requests set state = ${each.state}, draft = ${each.draft}, seen_at = ${now}
        where owner = ${owner} and repo = ${repo} and number = ${each.number}`
    }
  }, Effect.orDie)

  return { open, update }
})

/** The pull requests of our dispatches, followed until merged or closed. */
export class PullRequests extends Context.Service<PullRequests, Effect.Success<typeof make>>()(
  "ai-implement/Dispatches/PullRequests"
) {
  static readonly layer = Layer.effect(PullRequests, make)
}
