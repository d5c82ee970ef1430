import * as NodeStream from "@effect/platform-node/NodeStream"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"
import * as Stream from "effect/Stream"
import { createGzip } from "node:zlib"
import { DatabaseError, messageOf } from "../DatabaseError.ts"
import { applied } from "../Migrations.ts"
import { encodeLine, type Line } from "./lines.ts"
import { findTables, type Table } from "./tables.ts"

const rowsPerLine = 50

const decodeRow = Schema.decodeUnknownEffect(Schema.Struct({ row: Schema.String }))

const makeLines = Effect.fnUntraced(function* (release: string) {
  const sql = yield* SqlClient.SqlClient
  const counted = { tables: 0, rows: 0 }
  const at = yield* DateTime.now
  const [first, ...others] = yield* applied
  if (first === undefined) {
    return yield* new DatabaseError({
      reason: "Unavailable",
      message:
        "The database has no table of AI-Implement. No backup was written. Check DATA_DIR and DATABASE_URL."
    })
  }
  const tables = yield* findTables

  const rowsOf = ({ columns, name }: Table) =>
    sql`select row(${sql.csv(columns.map((column) => sql`${sql(column)}`))})::text as row from ${sql(name)}`.stream.pipe(
      Stream.mapEffect((found) => decodeRow(found)),
      Stream.tap(() => Effect.sync(() => counted.rows++)),
      Stream.grouped(rowsPerLine),
      Stream.map(([head, ...rest]): Line => ({ rows: [head.row, ...rest.map(({ row }) => row)] }))
    )

  const sequences = SqlSchema.findAll({
    Request: Schema.Void,
    Result: Schema.Struct({ name: Schema.String, value: Schema.Int }),
    execute: () => sql`select sequencename as name, last_value as value from pg_sequences
      where schemaname = current_schema() and last_value is not null order by 1`
  })

  const lines = Stream.make<ReadonlyArray<Line>>({
    format: "ai-implement backup",
    version: 1,
    release,
    at,
    migrations: [first, ...others]
  }).pipe(
    Stream.concat(
      Stream.flatMap(Stream.fromIterable(tables), (table) => {
        counted.tables++
        return Stream.concat(
          Stream.succeed<Line>({ table: table.name, columns: table.columns }),
          rowsOf(table)
        )
      })
    ),
    // Sequences are outside of the snapshot: read last, they are not behind its rows.
    Stream.concat(
      Stream.fromEffect(
        Effect.map(sequences(), (all): Line => ({
          sequences: all.map(({ name, value }) => [name, value] as const)
        }))
      )
    ),
    Stream.concat(Stream.fromEffect(Effect.sync((): Line => ({ end: { ...counted } }))))
  )
  return { at, counted, lines }
})

const failure = (file: string) => (error: Error) =>
  error instanceof DatabaseError
    ? error
    : new DatabaseError({
        reason: "Unavailable",
        message: `The backup ${file} cannot be written: ${messageOf(error)}. No backup was written.`
      })

/** Writes all rows as of one moment to a new file that only its owner can read, while others read and write the database. */
export const write = Effect.fn("Backup.write")(function* (file: string, release: string) {
  const sql = yield* SqlClient.SqlClient
  const fs = yield* FileSystem.FileSystem
  if (yield* Effect.mapError(fs.exists(file), failure(file))) {
    return yield* new DatabaseError({
      reason: "Unavailable",
      message: `${file} exists already. It was left unchanged. Name another file.`
    })
  }
  const partial = `${file}.${process.pid}.partial`
  const made = yield* sql`set transaction isolation level repeatable read, read only`.pipe(
    Effect.andThen(makeLines(release)),
    Effect.tap(({ lines }) =>
      lines.pipe(
        Stream.map((line) => `${encodeLine(line)}\n`),
        Stream.encodeText,
        NodeStream.pipeThroughDuplex({ evaluate: () => createGzip() }),
        Stream.run(fs.sink(partial, { flag: "wx", mode: 0o600 }))
      )
    ),
    sql.withTransaction,
    Effect.tap(() => fs.rename(partial, file)),
    Effect.onExit(() => Effect.ignore(fs.remove(partial))),
    Effect.mapError(failure(file))
  )
  return { ...made.counted, at: made.at }
})
