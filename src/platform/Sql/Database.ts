import type { PgClient } from "@effect/sql-pg/PgClient"
import * as Context from "effect/Context"
import type * as Layer from "effect/Layer"
import type { SqlClient } from "effect/sql/SqlClient"
import type { DatabaseError } from "./DatabaseError.ts"

/** Which database this is: an embedded one serves one process, an external one may serve many. */
export class Database extends Context.Service<
  Database,
  { readonly kind: "embedded" | "external"; readonly location: string }
>()("ai-implement/platform/Sql/Database") {}

export type DatabaseLayer = Layer.Layer<PgClient | SqlClient | Database, DatabaseError>
