import * as Schema from "effect/Schema"

// What a backup begins with: the migrations that its rows need.
export const Header = Schema.Struct({
  format: Schema.Literal("ai-implement backup"),
  version: Schema.Literal(1),
  release: Schema.String,
  at: Schema.DateTimeUtcFromString,
  migrations: Schema.NonEmptyArray(Schema.Tuple([Schema.Int, Schema.String]))
})

const Table = Schema.Struct({ table: Schema.String, columns: Schema.Array(Schema.String) })

// Rows of the table named last, each in PostgreSQL's text form of a row.
const Rows = Schema.Struct({ rows: Schema.NonEmptyArray(Schema.String) })

const Sequences = Schema.Struct({ sequences: Schema.Array(Schema.Tuple([Schema.String, Schema.Int])) })

// What a whole backup ends with.
const End = Schema.Struct({ end: Schema.Struct({ tables: Schema.Int, rows: Schema.Int }) })

const Line = Schema.fromJsonString(Schema.Union([Header, Rows, Table, Sequences, End]))
export type Line = typeof Line.Type

export const encodeLine = Schema.encodeSync(Line)
export const decodeLine = Schema.decodeUnknownEffect(Line)
