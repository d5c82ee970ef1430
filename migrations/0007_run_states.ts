import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** When the work of a run was first seen, and when the run was last seen held (for approval or its concurrency group). */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`alter table dispatches add column run_begun_at timestamptz, add column run_held_at timestamptz`
  yield* sql`update dispatches set run_begun_at = claimed_at where claimed_at is not null`
})
