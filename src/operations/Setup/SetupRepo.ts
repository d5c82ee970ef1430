import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import { Timestamp } from "../../domain/Text.ts"

const Last = Schema.Struct({
  linear: Schema.NullOr(Timestamp),
  github: Schema.NullOr(Timestamp),
  run: Schema.NullOr(Timestamp)
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  const reached = SqlSchema.findOne({
    Request: Schema.Void,
    Result: Last,
    execute: () => sql`select
      (select max(received_at) from webhook_deliveries where source = 'linear') as linear,
      (select max(received_at) from webhook_deliveries where source = 'github') as github,
      (select max(claimed_at) from dispatches) as run`
  })

  return {
    /** When a webhook of each sender and a call of a run arrived last. */
    reached: Effect.orDie(reached())
  }
})

export class SetupRepo extends Context.Service<SetupRepo, Effect.Success<typeof make>>()(
  "ai-implement/operations/Setup/SetupRepo"
) {
  static readonly layer = Layer.effect(SetupRepo, make)
}
