import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** The secret by which replicas on this database recognise each other. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`alter table instance add column replica_key text not null
    default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')`
})
