import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Schema from "effect/Schema"
import * as SqlSchema from "effect/sql/SqlSchema"
import { DatabaseError, messageOf } from "./DatabaseError.ts"
import type { Home } from "./home.ts"

const lock = 4_217_900
export const database = "ai_implement"

/**
 * Takes the data directory for this process: a session of its own holds an advisory lock, and dies with the process.
 * Creates our database where it is missing. Returns an effect that ends when the session is lost.
 */
export const own = Effect.fnUntraced(
  function* (home: Home, config: PgClient.PgClientConfig) {
    const sql = yield* PgClient.makeClient({
      ...config,
      database: "postgres",
      applicationName: `ai-implement pid ${process.pid}`
    })

    const take = SqlSchema.findOne({
      Request: Schema.Void,
      Result: Schema.Struct({ held: Schema.Boolean }),
      execute: () => sql`select pg_try_advisory_lock(${lock}) as held`
    })
    const holders = SqlSchema.findAll({
      Request: Schema.Void,
      Result: Schema.Struct({ name: Schema.String }),
      execute: () => sql`
        select application_name as name from pg_stat_activity join pg_locks using (pid)
        where locktype = 'advisory' and objid = ${lock} and granted`
    })
    const databases = SqlSchema.findAll({
      Request: Schema.Void,
      Result: Schema.Struct({ name: Schema.String }),
      execute: () => sql`select datname as name from pg_database where datname = ${database}`
    })

    for (let tries = 10; !(yield* take()).held; tries--) {
      if (tries === 0) {
        const holder = (yield* holders())[0]?.name ?? "another process"
        return yield* new DatabaseError({
          reason: "InUse",
          message: `The embedded database in ${home.dir} is in use by ${holder}. Nothing was changed. Stop that process, or choose another DATA_DIR.`
        })
      }
      yield* Effect.sleep("50 millis")
    }

    if ((yield* databases()).length === 0) yield* sql`create database ${sql(database)} strategy file_copy`
    const notifications = yield* sql.listen("ai_implement_owner")
    return { lost: Effect.ignore(Effect.forever(Queue.take(notifications))) }
  },
  Effect.provide(Reactivity.layer),
  Effect.catchTags({
    SqlError: (error) => Effect.fail(unusable(messageOf(error))),
    SchemaError: (error) => Effect.fail(unusable(messageOf(error))),
    NoSuchElementError: () => Effect.fail(unusable("no answer"))
  })
)

const unusable = (why: string) =>
  new DatabaseError({
    reason: "NotStarted",
    message: `The embedded PostgreSQL runs, but cannot be used: ${why}. Its data was left unchanged.`
  })
