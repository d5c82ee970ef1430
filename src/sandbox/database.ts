import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import * as Embedded from "../Sql/Embedded.ts"

/** Every start of the sandbox begins with a fresh workspace, so its database begins empty too. */
export const emptyDatabase = (dataDir: string) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* sql`drop schema public cascade`
    yield* sql`create schema public`
  }).pipe(Effect.provide(Embedded.layer({ dataDir })))
