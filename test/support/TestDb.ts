import * as PgClient from "@effect/sql-pg/PgClient"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import { randomUUID } from "node:crypto"
import { inject } from "vitest"
import * as client from "../../src/platform/Sql/client.ts"
import { Database } from "../../src/platform/Sql/Database.ts"
import type * as Embedded from "../../src/platform/Sql/Embedded.ts"
import { catalogue, definePristine, restore } from "./pristine.ts"

/** How to connect to the run's server: its own database is the migrated template. */
export const connection = (): Embedded.Connection => {
  const { secret, ...pg } = inject("pg")
  return secret === undefined ? pg : { ...pg, password: Redacted.make(secret) }
}

const maxConnections = 5
/** A connection outlives the test that opened it. */
const forever = { connectTimeout: "1000 days", idleTimeout: "1000 days" } as const
const live = Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())

const open = (database: string, connections: number) =>
  client.layer({ ...connection(), ...forever, database, maxConnections: connections })

const adminLayer = open("postgres", 1)
const workerScope = Scope.makeUnsafe()
const memo = Layer.makeMemoMapUnsafe()
const admin = Effect.suspend(() => Layer.buildWithMemoMap(adminLayer, memo, workerScope)).pipe(
  Effect.map(Context.get(SqlClient.SqlClient)),
  live
)

interface Lent {
  readonly name: string
  readonly scope: Scope.Closeable
  readonly created: unknown
  readonly services: Context.Context<PgClient.PgClient | SqlClient.SqlClient>
}

/** Databases of this worker that are as the template is, their sessions open. */
const ready: Array<Lent> = []

const create = Effect.gen(function* () {
  const sql = yield* admin
  const name = `test_${randomUUID().replaceAll("-", "")}`
  yield* sql`create database ${sql(name)} template ${sql(connection().database)} strategy file_copy`
  const scope = Scope.makeUnsafe()
  const services = yield* Layer.buildWithScope(open(name, maxConnections), scope)
  const created = yield* Effect.andThen(definePristine, catalogue).pipe(Effect.provide(services))
  return { name, scope, created, services }
}).pipe(live)

const discard = Effect.fnUntraced(function* ({ name, scope }: Lent) {
  const sql = yield* admin
  yield* sql`drop database ${sql(name)} with (force)`
  yield* Scope.close(scope, Exit.void)
})

const take = Effect.suspend(() => {
  const lent = ready.pop()
  return lent === undefined ? create : Effect.succeed(lent)
})

/** A database that a test has altered, or still uses, is dropped. */
const giveBack = (lent: Lent) =>
  Effect.andThen(restore(maxConnections), catalogue).pipe(
    Effect.provide(lent.services),
    Effect.map((found) => found === lent.created),
    Effect.timeout("3 seconds"),
    Effect.orElseSucceed(() => false),
    Effect.flatMap((pristine) =>
      pristine ? Effect.sync(() => ready.push(lent)) : Effect.orDie(discard(lent))
    ),
    live
  )

/** A database for one test, equal to the template. */
export const TestDb = Layer.unwrap(
  Effect.map(Effect.acquireRelease(Effect.orDie(take), giveBack), ({ name, services }) =>
    Layer.merge(Layer.succeedContext(services), Layer.succeed(Database, { kind: "embedded", location: name }))
  )
)
