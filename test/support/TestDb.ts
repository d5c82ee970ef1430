import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Redacted from "effect/Redacted"
import { randomUUID } from "node:crypto"
import { inject } from "vitest"
import * as client from "../../src/platform/Sql/client.ts"
import { Database } from "../../src/platform/Sql/Database.ts"
import type * as Embedded from "../../src/platform/Sql/Embedded.ts"

/** How to connect to the run's server: its own database is the migrated template. */
export const connection = (): Embedded.Connection => {
  const { secret, ...pg } = inject("pg")
  return secret === undefined ? pg : { ...pg, password: Redacted.make(secret) }
}

/** The test's clock may jump while a session is being opened. */
const patient = { connectTimeout: "1000 days", idleTimeout: "1000 days" } as const

const fresh = Effect.gen(function* () {
  const admin = yield* PgClient.makeClient({ ...connection(), ...patient, database: "postgres" })
  const name = `test_${randomUUID().replaceAll("-", "")}`
  yield* admin`create database ${admin(name)} template ${admin(connection().database)} strategy file_copy`
  yield* Effect.addFinalizer(() => Effect.orDie(admin`drop database ${admin(name)} with (force)`))
  return name
}).pipe(Effect.provide(Reactivity.layer))

/** A database of its own from the template, dropped in the end. */
export const TestDb = Layer.unwrap(
  Effect.map(fresh, (database) =>
    Layer.merge(
      client.layer({ ...connection(), ...patient, database, maxConnections: 5 }),
      Layer.succeed(Database, { kind: "embedded", location: database })
    )
  )
)
