import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { Database, type DatabaseLayer } from "./Sql/Database.ts"
import { DatabaseError } from "./Sql/DatabaseError.ts"
import * as Embedded from "./Sql/Embedded.ts"
import * as External from "./Sql/External.ts"
import * as Migrations from "./Sql/Migrations.ts"

export { Database, DatabaseError, type DatabaseLayer }

export interface Options {
  readonly databaseUrl: Option.Option<Redacted.Redacted>
  readonly dataDir: string
  readonly maxConnections?: number | undefined
  /** More settings for the embedded server. */
  readonly settings?: Embedded.Options["settings"]
  /** The folder of the migrations; by default the repository's own. */
  readonly migrations?: string | undefined
}

/** PostgreSQL by URL, or embedded without one, as it is found. */
export const server = (options: Options): DatabaseLayer =>
  Option.match(options.databaseUrl, {
    onSome: (url) => External.layer({ url, maxConnections: options.maxConnections }),
    onNone: () => Embedded.layer(options)
  })

/** The same for a process beside the service; an embedded server that runs is left to its owner. */
export const attached = (options: Options): DatabaseLayer =>
  Option.isSome(options.databaseUrl) ? server(options) : Embedded.attached(options)

/** PostgreSQL by URL, or embedded without one, migrated before use. */
export const layer = (options: Options): DatabaseLayer =>
  Layer.provideMerge(Migrations.layer(options.migrations), server(options))
