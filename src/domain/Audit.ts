import * as Schema from "effect/Schema"
import { Timestamp } from "./Text.ts"

/** One change that an operator made, and who; of secrets the names only. */
export const AuditEntry = Schema.Struct({
  id: Schema.Int,
  at: Timestamp,
  actor: Schema.Struct({
    name: Schema.NullOr(Schema.String),
    session: Schema.NullOr(Schema.String),
    address: Schema.NullOr(Schema.String)
  }),
  action: Schema.String,
  subject: Schema.String,
  before: Schema.NullOr(Schema.Json),
  after: Schema.NullOr(Schema.Json)
}).annotate({ identifier: "AuditEntry" })
export type AuditEntry = typeof AuditEntry.Type
