import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

// What the tracker refuses is given up sooner than what a fault prevents.
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`alter table settlement_effects add column refusals integer not null default 0`
})
