import * as Schema from "effect/Schema"
import { Phase } from "./Modes.ts"
import { Reason } from "./Reason.ts"
import { Timestamp } from "./Text.ts"
import { DispatchId, StoredIssueId } from "./Ids.ts"

/** A candidate of the last pass, with what was decided about it and why. */
export const Issue = Schema.Struct({
  issueId: StoredIssueId,
  identifier: Schema.String,
  title: Schema.String,
  url: Schema.String,
  teamKey: Schema.String,
  priority: Schema.Int,
  state: Schema.Struct({ name: Schema.String, type: Schema.String }),
  labels: Schema.Array(Schema.String),
  decision: Schema.Literals(["dispatch", "wait"]),
  phase: Schema.NullOr(Phase),
  reason: Schema.NullOr(Reason),
  since: Timestamp,
  passId: Schema.NullOr(Schema.String),
  dispatchId: Schema.NullOr(DispatchId),
  dedupExpiresAt: Schema.NullOr(Timestamp),
  failures: Schema.Struct({
    planning: Schema.Int,
    implementation: Schema.Int,
    backoffUntil: Schema.NullOr(Timestamp),
    parkedAt: Schema.NullOr(Timestamp)
  }),
  /** Who cancelled its last dispatch, and when. */
  held: Schema.NullOr(Schema.Struct({ by: Schema.String, at: Timestamp }))
}).annotate({ identifier: "Issue" })
export type Issue = typeof Issue.Type
