import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"

/** The secret that the replicas of one database share; a migration makes it. */
export const replicaKey = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const read = SqlSchema.findOne({
    Request: Schema.Void,
    Result: Schema.Struct({ replicaKey: Schema.RedactedFromValue(Schema.String) }),
    execute: () => sql`select replica_key from instance`
  })
  return (yield* Effect.orDie(read())).replicaKey
})
