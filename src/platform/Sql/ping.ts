import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** Gives what asks the database for nothing but an answer. */
export const makePing = Effect.map(SqlClient.SqlClient, (sql) => Effect.asVoid(sql`select 1`))
