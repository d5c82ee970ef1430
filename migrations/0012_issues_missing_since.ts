import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`alter table issues add column missing_since timestamptz`
  yield* sql`update issues set missing_since = seen_at where missing > 0`
})
