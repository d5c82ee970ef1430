import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** Issues whose dispatch an operator cancelled. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`create table issue_holds (
    issue_id text primary key,
    held_by text not null,
    held_at timestamptz not null
  )`
})
