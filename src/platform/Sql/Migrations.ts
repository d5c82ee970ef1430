import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as Migrator from "effect/sql/Migrator"
import * as MigratorFileSystem from "effect/sql/MigratorFileSystem"
import { fileURLToPath } from "node:url"
import { DatabaseError, messageOf } from "./DatabaseError.ts"

export const directory = fileURLToPath(new URL("../../../migrations", import.meta.url))
const table = "migrations"
const migrate = Migrator.make({})

const Applied = Schema.Array(Schema.Struct({ id: Schema.Int, name: Schema.String }))

export type Numbered = readonly [id: number, name: string]

/** The migrations that the database has, in order; none where there is no table of them. */
export const applied = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [exists] = yield* sql`select 1 from pg_class where oid = to_regclass(${table})`
  if (exists === undefined) return []
  const rows = yield* sql`select migration_id as id, name from ${sql(table)} order by migration_id`.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Applied))
  )
  return rows.map(({ id, name }): Numbered => [id, name])
}).pipe(Effect.orDie)

const load = Effect.fnUntraced(function* (from: string, what: string, needed: ReadonlyArray<Numbered>) {
  const known = yield* MigratorFileSystem.fromFileSystem(from)
  const names = new Map(known.map(([id, name]) => [id, name]))
  const unknown = needed.findLast(([id, name]) => names.get(id) !== name)
  if (unknown !== undefined) {
    return yield* new Migrator.MigrationError({
      kind: "BadState",
      message: `The ${what} was made by a newer or another release: it has the migration ${unknown.join(" ")}, which this program does not know. Nothing was changed. Start the release that made it, or a newer one.`
    })
  }
  return known
})

// The migrator reads this under its lock.
const lacking = (from: string) => Effect.flatMap(applied, (found) => load(from, "database", found))

const upTo = (from: string, last: number, needed: ReadonlyArray<Numbered>) =>
  Effect.map(load(from, "backup", needed), (known) => known.filter(([id]) => id <= last))

// With the migrations of a backup, an empty database gets those and no later ones.
/** Runs the missing migrations `NNNN_name.ts` in one transaction, one process at a time; returns those it ran. */
export const run = Effect.fn("Migrations.run")(
  function* (from: string, backup?: Arr.NonEmptyReadonlyArray<Numbered>) {
    const loader = backup === undefined ? lacking(from) : upTo(from, Arr.lastNonEmpty(backup)[0], backup)
    const ran = yield* migrate({ loader, table }).pipe(
      Effect.mapError((error) =>
        error._tag === "MigrationError" && error.kind === "BadState"
          ? new DatabaseError({ reason: "OtherVersion", message: error.message })
          : new DatabaseError({
              reason: "NotMigrated",
              message: `The database cannot be migrated: ${detail(error)}. It was left as it was.`
            })
      )
    )
    if (ran.length > 0) yield* Effect.logInfo(`Migrated the database to ${ran.at(-1)?.join(" ")}`)
    return ran
  },
  Effect.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer))
)

const detail = (error: Error) =>
  error.cause instanceof Error ? `${error.message}: ${messageOf(error)}` : error.message

export const layer = (from: string = directory) => Layer.effectDiscard(run(from))
