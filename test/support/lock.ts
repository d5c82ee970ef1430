import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as SqlClient from "effect/sql/SqlClient"
import { eventually } from "./eventually.ts"

/** Locks every mapping, as a change under way does; gives when so many wait for it, and what lets them go. */
export const lockMappings = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
  const [locked, done] = [Deferred.makeUnsafe<void>(), Deferred.makeUnsafe<void>()]
  const holder = yield* sql`select 1 from mappings for update`.pipe(
    Effect.andThen(Deferred.done(locked, Exit.void)),
    Effect.andThen(Deferred.await(done)),
    sql.withTransaction,
    Effect.forkChild
  )
  yield* Deferred.await(locked)
  const waiting = (count: number) =>
    eventually(
      `${count} wait for a lock`,
      sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      ({ length }) => length === count
    )
  return { waiting, release: Effect.andThen(Deferred.done(done, Exit.void), Fiber.join(holder)) }
})
