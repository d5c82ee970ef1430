import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlError from "effect/sql/SqlError"

/** Returns a function that runs an effect when its transaction commits; at once outside of one. */
export const makeAfterCommit = Effect.map(SqlClient.SqlClient, (sql) => sql.afterCommit)

/** Returns a function that runs an effect in one transaction; a database failure is a defect. */
export const makeAtomically = Effect.map(
  SqlClient.SqlClient,
  (sql) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      sql.withTransaction(effect).pipe(Effect.catchIf(SqlError.isSqlError, Effect.die))
)
