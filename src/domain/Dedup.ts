import * as Schema from "effect/Schema"
import { Timestamp } from "./Text.ts"

/** The 24 h after an implementation dispatch in which the poller leaves the issue alone. */
export const dedupWindow = "24 hours"

export const DedupEntry = Schema.Struct({
  issueId: Schema.String,
  issueIdentifier: Schema.String,
  issueTitle: Schema.String,
  dispatchedAt: Timestamp,
  expiresAt: Timestamp
}).annotate({ identifier: "DedupEntry" })
export type DedupEntry = typeof DedupEntry.Type
