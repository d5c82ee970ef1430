import * as Schema from "effect/Schema"
import { Timestamp } from "./Text.ts"
import { StoredIssueId } from "./Ids.ts"

/** The 24 h after an implementation dispatch in which the poller does not dispatch the issue again. */
export const dedupWindow = "24 hours"

export const DedupEntry = Schema.Struct({
  issueId: StoredIssueId,
  issueIdentifier: Schema.String,
  issueTitle: Schema.String,
  dispatchedAt: Timestamp,
  expiresAt: Timestamp
}).annotate({ identifier: "DedupEntry" })
export type DedupEntry = typeof DedupEntry.Type
