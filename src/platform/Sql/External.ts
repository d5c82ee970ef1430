import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as SqlSchema from "effect/sql/SqlSchema"
import * as client from "./client.ts"
import { Database, type DatabaseLayer } from "./Database.ts"
import { DatabaseError, messageOf } from "./DatabaseError.ts"

export interface Options {
  readonly url: Redacted.Redacted
  readonly maxConnections?: number | undefined
}

const minVersion = 140_000

const locationOf = (url: Redacted.Redacted): string | undefined => {
  const parsed = URL.parse(Redacted.value(url))
  return parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)
    ? undefined
    : `${parsed.host}${parsed.pathname}`
}

const connects = (error: SqlError) => error.reason._tag === "ConnectionError"

const check = Effect.fn("External.check")(function* (location: string) {
  const sql = yield* SqlClient.SqlClient
  const ask = SqlSchema.findOne({
    Request: Schema.Void,
    Result: Schema.Struct({ version: Schema.Finite }),
    execute: () =>
      sql`select current_setting('server_version_num')::int as version`.pipe(
        Effect.tapError((error) =>
          connects(error) ? Effect.logWarning(`The database ${location} does not answer yet`) : Effect.void
        ),
        Effect.retry({ while: connects, schedule: Schedule.spaced("1 second"), times: 30 })
      )
  })
  const { version } = yield* ask().pipe(
    Effect.mapError(
      (error) =>
        new DatabaseError({
          reason: "Unavailable",
          message: `The database ${location} cannot be used: ${messageOf(error)}. Nothing was changed. Check DATABASE_URL.`
        })
    )
  )
  if (version < minVersion) {
    return yield* new DatabaseError({
      reason: "OtherVersion",
      message: `The database ${location} is PostgreSQL ${Math.floor(version / 10_000)}. Nothing was changed. Use PostgreSQL 14 or newer.`
    })
  }
})

// The pool holds one already.
const firstFailure = Effect.fnUntraced(function* (url: Redacted.Redacted, count: number) {
  const opened = yield* Effect.forEach(
    Array.from({ length: count - 1 }),
    () => Effect.result(PgClient.makeClient({ url, applicationName: "ai-implement" })),
    { concurrency: count }
  )
  const [failure] = opened.filter(Result.isFailure)
  return failure && { opened: 1 + opened.filter(Result.isSuccess).length, error: failure.failure }
}, Effect.scoped)

// Opens all that the pool may need: later, a refused connection would fail whatever needs it.
const checkConnections = Effect.fnUntraced(function* (
  location: string,
  url: Redacted.Redacted,
  count: number
) {
  const failed = yield* firstFailure(url, count).pipe(
    Effect.repeat({
      until: (failed) => failed === undefined,
      schedule: Schedule.spaced("1 second"),
      times: 2
    })
  )
  if (failed === undefined) return
  return yield* new DatabaseError({
    reason: "TooFewConnections",
    message: `The database ${location} gives ${failed.opened} of the ${count} connections that are needed: ${messageOf(failed.error)}. Nothing was changed. Raise its limit, or lower DATABASE_CONNECTIONS.`
  })
}, Effect.provide(Reactivity.layer))

/** A pool on the server of DATABASE_URL, which has 30 s for its first answer. */
export const layer = (options: Options): DatabaseLayer => {
  const location = locationOf(options.url)
  if (location === undefined) {
    return Layer.effectContext(
      Effect.fail(
        new DatabaseError({
          reason: "Unavailable",
          message:
            "DATABASE_URL is not of the form postgres://user:password@host:5432/database. Nothing was changed."
        })
      )
    )
  }
  const { maxConnections = client.defaultConnections, url } = options
  return Layer.effectDiscard(
    Effect.andThen(check(location), checkConnections(location, url, maxConnections))
  ).pipe(
    Layer.provideMerge(client.layer({ url, maxConnections, keepAlive: "30 seconds" })),
    Layer.merge(Layer.succeed(Database, { kind: "external", location }))
  )
}
