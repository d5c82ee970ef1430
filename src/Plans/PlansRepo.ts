import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import type { DispatchRow } from "../Dispatches/rows.ts"
import { labels, wears } from "../domain/Labels.ts"
import type { PlanDocument } from "../domain/Plan.ts"

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const random = yield* SecureRandom.SecureRandom

  /** What a planning dispatch delivered, in the transaction that ends it. An approval seen before is none of this plan. */
  const record = Effect.fn("Plans.record")(function* (
    dispatch: Pick<DispatchRow, "id" | "issueId">,
    documents: ReadonlyArray<PlanDocument>
  ) {
    yield* sql`insert into plans (id, issue_id, dispatch_id, documents, finished_at, approval_ignored)
      values (${yield* random.uuidV7()}, ${dispatch.issueId}, ${dispatch.id}, ${JSON.stringify(documents)},
        ${DateTime.toDateUtc(yield* DateTime.now)}, exists (select 1 from issues i, unnest(i.labels) as l
          where i.issue_id = ${dispatch.issueId} and lower(l) = ${labels.planApproved.toLowerCase()}))`
  })

  /** The labels of the issue after the settlement of the dispatch that made the plan. */
  const noteLabels = Effect.fn("Plans.noteLabels")(function* (
    dispatchId: string,
    worn: ReadonlyArray<string>
  ) {
    yield* sql`update plans set labelled = ${wears(worn, labels.planComplete)},
        approval_ignored = approval_ignored or (verdict is null and ${wears(worn, labels.planApproved)})
      where dispatch_id = ${dispatchId}`
  }, Effect.orDie)

  return { record, noteLabels }
})

/** The plans of issues, each with its verdict. The newest of an issue counts, unless it was withdrawn. */
export class PlansRepo extends Context.Service<PlansRepo, Effect.Success<typeof make>>()(
  "ai-implement/Plans/PlansRepo"
) {
  static readonly layer = Layer.effect(PlansRepo, make)
}
