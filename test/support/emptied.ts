import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** Makes a database as empty as a new one. */
export const emptied = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`drop schema public cascade`
  yield* sql`create schema public`
  return sql
})
