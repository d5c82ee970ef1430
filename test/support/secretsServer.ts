import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as SqlClient from "effect/sql/SqlClient"
import { Fly as LocalFly } from "../../src/sandbox/Fly.ts"
import { server } from "./httpServer.ts"

export const sessionsApp = "sessions"
const token = "FlyV1 fm2_local"

/** Every line that was logged. */
export class Lines extends Context.Service<Lines, Array<string>>()("test/support/Lines") {}

const logged = Layer.unwrap(
  Effect.map(Lines, (lines) =>
    Layer.merge(
      Logger.layer([Logger.map(Logger.formatJson, (line) => void lines.push(line))]),
      Layer.succeed(References.MinimumLogLevel, "All")
    )
  )
)

/** The HTTP side with a local Fly behind the secrets. */
export const withFly = (env: Record<string, string> = {}) =>
  Layer.unwrap(
    Effect.map(LocalFly, ({ apiUrl }) =>
      server({ FLY_API_URL: apiUrl, FLY_SESSIONS_TOKEN: token, FLY_SESSIONS_APP: sessionsApp, ...env })
    )
  ).pipe(
    Layer.provide(logged),
    Layer.provideMerge(
      Layer.merge(
        LocalFly.layer({ tokens: [{ token }], apps: [sessionsApp], rateLimits: false }),
        Layer.sync(Lines, () => [])
      )
    )
  )

/** All that the database holds, as text. */
export const everything = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql`select table_name from information_schema.tables where table_schema = 'public'`
  const texts = yield* Effect.forEach(
    tables,
    ({ tableName }) => sql`select string_agg(t::text, ' ') as text from ${sql(String(tableName))} t`
  )
  return texts.map(([row]) => String(row?.["text"])).join("\n")
})
