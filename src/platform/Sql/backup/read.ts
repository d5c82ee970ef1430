import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as SqlMessageStorage from "effect/cluster/SqlMessageStorage"
import * as SqlRunnerStorage from "effect/cluster/SqlRunnerStorage"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import { createGunzip } from "node:zlib"
import { DatabaseError, messageOf } from "../DatabaseError.ts"
import * as Migrations from "../Migrations.ts"
import { decodeLine, Header, type Line } from "./lines.ts"
import { countTables, findTables, type Table } from "./tables.ts"

const unusable = (file: string, why: string) =>
  new DatabaseError({
    reason: "Unavailable",
    message: `The backup ${file} cannot be restored: ${why}. The database was left as it was.`
  })

const isHeader = (line: Line): line is typeof Header.Type => "format" in line

const replicaTables = Effect.scoped(
  Layer.build(Layer.merge(SqlMessageStorage.layerMigrations({}), SqlRunnerStorage.layerMigrations({})))
)

// What an insert would report is in the backup already.
const setTriggers = Effect.fnUntraced(function* (state: "enable" | "disable", tables: ReadonlyArray<Table>) {
  const sql = yield* SqlClient.SqlClient
  for (const { name } of tables) yield* sql`alter table ${sql(name)} ${sql.literal(state)} trigger user`
})

const makeSchema = Effect.fnUntraced(function* (from: string, { migrations }: typeof Header.Type) {
  const sql = yield* SqlClient.SqlClient
  yield* Migrations.run(from, migrations)
  yield* replicaTables
  const tables = yield* findTables
  yield* sql`truncate ${sql.csv(tables.map(({ name }) => sql`${sql(name)}`))}`
  yield* setTriggers("disable", tables)
  return tables
})

const makeInsert = Effect.fnUntraced(function* (table: string, columns: ReadonlyArray<string>) {
  const sql = yield* SqlClient.SqlClient
  const named = sql.csv(columns.map((column) => sql`${sql(column)}`))
  yield* sql`drop table if exists pg_temp.restored`
  yield* sql`create temporary table restored on commit drop as select ${named} from ${sql(table)} with no data`
  return (rows: ReadonlyArray<string>) => sql`
    insert into ${sql(table)} (${named}) overriding system value
    select ${sql.csv(columns.map((column) => sql`(l.r).${sql(column)}`))}
    from (select line::pg_temp.restored as r from unnest(${rows}::text[]) as line offset 0) as l`
})

/** Puts the rows of a backup into an empty database, in one transaction; the schema is that of the backup's release. */
export const read = Effect.fn("Backup.read")(function* (file: string, from: string = Migrations.directory) {
  const sql = yield* SqlClient.SqlClient
  const fs = yield* FileSystem.FileSystem
  const tables = yield* Effect.orDie(countTables)
  if (tables > 0) {
    return yield* new DatabaseError({
      reason: "Unavailable",
      message: `The database is not empty: it has ${tables} tables. Nothing was changed. Restore into an empty DATA_DIR or an empty database.`
    })
  }
  const counted = { tables: 0, rows: 0 }
  let header: typeof Header.Type | undefined
  let made: ReadonlyArray<Table> = []
  let insert: ((rows: ReadonlyArray<string>) => Effect.Effect<unknown, unknown>) | undefined
  let complete = false

  const take = Effect.fnUntraced(function* (line: Line) {
    if (isHeader(line) !== (header === undefined) || complete)
      return yield* unusable(file, "it is not one backup")
    if (isHeader(line)) {
      header = line
      made = yield* makeSchema(from, line)
    } else if ("table" in line) {
      counted.tables++
      insert = yield* makeInsert(line.table, line.columns)
    } else if ("rows" in line) {
      counted.rows += line.rows.length
      yield* insert?.(line.rows) ?? unusable(file, "it has rows of no table")
    } else if ("sequences" in line) {
      yield* Effect.forEach(
        line.sequences,
        ([name, value]) => sql`select setval(format('%I', ${name}::text)::regclass, ${value})`
      )
    } else {
      if (line.end.rows !== counted.rows || line.end.tables !== counted.tables)
        return yield* unusable(file, "rows are missing")
      complete = true
    }
  })

  yield* fs.stream(file).pipe(
    NodeStream.pipeThroughDuplex({ evaluate: () => createGunzip() }),
    Stream.decodeText,
    Stream.splitLines,
    Stream.mapEffect((line) => decodeLine(line)),
    Stream.runForEach(take),
    Effect.andThen(Effect.suspend(() => setTriggers("enable", made))),
    Effect.andThen(
      Effect.suspend(() => (complete ? Effect.void : Effect.fail(unusable(file, "its end is missing"))))
    ),
    sql.withTransaction,
    Effect.mapError((error) => (error instanceof DatabaseError ? error : unusable(file, messageOf(error))))
  )
  if (header === undefined) return yield* unusable(file, "it is empty")
  return { ...counted, at: header.at, release: header.release }
})
