import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import type { DispatchId, IssueId } from "../../domain/Ids.ts"

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  // Locks the dispatch: a concurrent end is either seen here, or sees the hold.
  const hold = Effect.fn("Holds.hold")(function* (dispatchId: DispatchId, by: string) {
    const at = DateTime.toDateUtc(yield* DateTime.now)
    yield* sql`insert into issue_holds (issue_id, held_by, held_at)
      select issue_id, ${by}, ${at}::timestamptz from dispatches
      where id = ${dispatchId} and outcome is null for update
      on conflict (issue_id) do nothing`
  }, Effect.orDie)

  const put = Effect.fn("Holds.put")(function* (issueId: IssueId, by: string, at: DateTime.Utc) {
    yield* sql`insert into issue_holds (issue_id, held_by, held_at)
      values (${issueId}, ${by}, ${DateTime.toDateUtc(at)}) on conflict (issue_id) do nothing`
  }, Effect.orDie)

  const release = Effect.fn("Holds.release")(function* (issueIds: ReadonlyArray<string>) {
    const released =
      yield* sql`delete from issue_holds where issue_id = any(${issueIds}::text[]) returning issue_id`
    return released.length > 0
  }, Effect.orDie)

  return { hold, put, release }
})

export class HoldsRepo extends Context.Service<HoldsRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/issues/HoldsRepo"
) {
  static readonly layer = Layer.effect(HoldsRepo, make)
}
