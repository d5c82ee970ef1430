import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { type CommentRef, TriggersRepo } from "../comments/TriggersRepo.ts"

export interface Delivery {
  readonly source: "linear" | "github"
  readonly id: string
  readonly comment: CommentRef | null
}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const triggers = yield* TriggersRepo

  const add = Effect.fn("Deliveries.add")(
    function* ({ comment, id, source }: Delivery) {
      const receivedAt = DateTime.toDateUtc(yield* DateTime.now)
      const added = yield* sql`insert into webhook_deliveries ${sql.insert({ source, id, receivedAt })}
        on conflict do nothing returning id`
      if (added.length === 0) return false
      if (comment !== null) yield* triggers.add(comment)
      return true
    },
    sql.withTransaction,
    Effect.orDie
  )

  return { add }
})

export class DeliveriesRepo extends Context.Service<DeliveriesRepo, Effect.Success<typeof make>>()(
  "ai-implement/dispatching/webhooks/DeliveriesRepo"
) {
  static readonly layer = Layer.effect(DeliveriesRepo, make).pipe(Layer.provide(TriggersRepo.layer))
}
