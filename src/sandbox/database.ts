import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import { Database, DatabaseError } from "../platform/Sql.ts"
import * as Embedded from "../platform/Sql/Embedded.ts"
import { database } from "../platform/Sql/owner.ts"

const mark = "AI-Implement sandbox: emptied at every start"

class NotSandbox extends Schema.TaggedError<NotSandbox>()("NotSandbox", { message: Schema.String }) {}

const firstUserOid = 16_384

const inspect = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  SqlSchema.findOne({
    Request: Schema.Void,
    Result: Schema.Struct({ comment: Schema.NullOr(Schema.String), used: Schema.Boolean }),
    execute: () => sql`
      select shobj_description(oid, 'pg_database') as comment, exists (
        select oid from pg_class where oid >= ${firstUserOid}
        union all select oid from pg_type where oid >= ${firstUserOid}
        union all select oid from pg_proc where oid >= ${firstUserOid}
      ) as used
      from pg_database where datname = current_database()`
  })()
)

/** Empties the sandbox's database in `directory`, or makes and marks it; refuses any other with `NotSandbox`. */
export const emptyDatabase = (directory: string) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const { comment, used } = yield* inspect
    if (comment === mark) {
      yield* sql.withTransaction(Effect.andThen(sql`drop schema public cascade`, sql`create schema public`))
    } else if (comment === null && !used) {
      yield* sql`comment on database ${sql(database)} is ${sql.literal(`'${mark}'`)}`
    } else {
      const { location } = yield* Database
      return yield* new NotSandbox({
        message:
          `The database in ${location} does not have the mark of the sandbox: it belongs to a service, or to an older release of the sandbox. ` +
          `Nothing was changed. Set SANDBOX_DIR to another directory, or delete ${location} if only the sandbox used it.`
      })
    }
  }).pipe(
    Effect.provide(Embedded.layer({ dataDir: directory })),
    Effect.catchTag("DatabaseError", ({ message, reason }) =>
      Effect.fail(
        new DatabaseError({
          reason,
          message: `${message} For the sandbox, SANDBOX_DIR stands for DATA_DIR, and DATABASE_URL is not read.`
        })
      )
    )
  )
