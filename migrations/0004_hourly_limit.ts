import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** The reason `rate_brake` is called `hourly_limit`. */
export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`update decisions set reason = jsonb_set(reason, '{_tag}', '"hourly_limit"')
    where reason ->> '_tag' = 'rate_brake'`
  yield* sql`update audit set after = jsonb_set(after, '{waits}', '"hourly_limit"')
    where after ->> 'waits' = 'rate_brake'`
})
