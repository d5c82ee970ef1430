import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { DedupEntry, dedupWindow } from "../../domain/Dedup.ts"
import { StoredIssueId } from "../../domain/Ids.ts"

const IssueIds = Schema.Array(Schema.Struct({ issueId: StoredIssueId }))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // Part of a statement in which `reserved` names new dispatches: adds the issues of the implementations.
  const insert = (at: Date) =>
    sql`insert into dedup (issue_id, issue_identifier, issue_title, dispatch_id, dispatched_at, expires_at)
      select issue_id, issue_identifier, issue_title, id, ${at}, ${at}::timestamptz + ${dedupWindow}::interval
      from reserved where phase = 'implementation'
      on conflict (issue_id) do update set issue_identifier = excluded.issue_identifier,
        issue_title = excluded.issue_title, dispatch_id = excluded.dispatch_id,
        dispatched_at = excluded.dispatched_at, expires_at = excluded.expires_at`

  const list = sql`select issue_id, issue_identifier, issue_title, dispatched_at, expires_at from dedup
    where expires_at > now() order by dispatched_at desc, issue_id`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Array(DedupEntry))),
    Effect.orDie,
    Effect.withSpan("Dedup.list")
  )

  const find = Effect.fn("Dedup.find")(function* (ref: string) {
    const rows = yield* sql`select issue_id from dedup
      where issue_id = ${ref.toLowerCase()} or upper(issue_identifier) = ${ref.toUpperCase()}`.pipe(
      Effect.flatMap(Schema.decodeUnknownEffect(IssueIds))
    )
    return rows[0]?.issueId ?? null
  }, Effect.orDie)

  const expire = Effect.fn("Dedup.expire")(function* () {
    const now = DateTime.toDateUtc(yield* DateTime.now)
    yield* sql`delete from dedup where expires_at <= ${now}`
  }, Effect.orDie)

  const remove = Effect.fn("Dedup.remove")(function* (issueIds: ReadonlyArray<string>) {
    const removed = yield* sql`delete from dedup where issue_id = any(${issueIds}::text[]) returning issue_id`
    return removed.length > 0
  }, Effect.orDie)

  return { insert, list, find, expire, remove }
})

export class DedupRepo extends Context.Service<DedupRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/issues/DedupRepo"
) {
  static readonly layer = Layer.effect(DedupRepo, make)
}
