import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** Returns an effect that checks whether the database answers. */
export const makePing = Effect.map(SqlClient.SqlClient, (sql) => Effect.asVoid(sql`select 1`))
