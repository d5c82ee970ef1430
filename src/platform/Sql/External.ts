import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
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
  return Layer.effectDiscard(check(location)).pipe(
    Layer.provideMerge(client.layer({ ...options, keepAlive: "30 seconds" })),
    Layer.merge(Layer.succeed(Database, { kind: "external", location }))
  )
}
