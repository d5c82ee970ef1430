import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlError from "effect/sql/SqlError"

/** Gives what runs an effect when the transaction that it stands in commits; at once outside of one. */
export const makeAfterCommit = Effect.map(SqlClient.SqlClient, (sql) => sql.afterCommit)

/** Gives what runs an effect in one transaction; that the database fails is a defect. */
export const makeAtomically = Effect.map(
  SqlClient.SqlClient,
  (sql) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      sql.withTransaction(effect).pipe(Effect.catchIf(SqlError.isSqlError, Effect.die))
)
