import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import * as SqlSchema from "effect/sql/SqlSchema"

export interface Table {
  readonly name: string
  readonly columns: ReadonlyArray<string>
  readonly refersTo: ReadonlyArray<string>
}

/** A table after all that it refers to. */
export const inOrder = (tables: ReadonlyArray<Table>): ReadonlyArray<Table> => {
  const ordered = new Set<Table>()
  const add = (table: Table) => {
    for (const other of tables) {
      if (other !== table && table.refersTo.includes(other.name) && !ordered.has(other)) add(other)
    }
    ordered.add(table)
  }
  for (const table of tables) add(table)
  return [...ordered]
}

const names = Schema.Array(Schema.String)

/** Every table with rows to keep, in an order in which they can be inserted. */
export const findTables = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // The migrator owns its tables, and the replicas of a cluster register themselves.
  const find = SqlSchema.findAll({
    Request: Schema.Void,
    Result: Schema.Struct({ name: Schema.String, columns: names, refersTo: names }),
    execute: () => sql`
      select c.relname as name,
        (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
        (select coalesce(array_agg(distinct t.relname::text), '{}') from pg_constraint r
          join pg_class t on t.oid = r.confrelid where r.conrelid = c.oid and r.contype = 'f') as refers_to
      from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
        and c.relname !~ 'migrations$' and c.relname not in ('cluster_locks', 'cluster_runners')
      order by c.relname`
  })
  return inOrder(yield* find())
})

export const countTables = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const count = SqlSchema.findOne({
    Request: Schema.Void,
    Result: Schema.Struct({ count: Schema.Int }),
    execute: () => sql`select count(*)::int as count from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`
  })
  return (yield* count()).count
})
