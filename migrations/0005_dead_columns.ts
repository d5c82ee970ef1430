import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** No query reads these. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`alter table dispatches drop column run_id, drop column pull_request_looked_at`
})
