import * as Schema from "effect/Schema"
import { OutcomeKind } from "./DispatchStatus.ts"

/** Why a dispatch ended; the closed list that the log and the admin show. */
export const OutcomeReason = Schema.Literals([
  "pull_request",
  "plan",
  "no_pull_request",
  "pull_request_closed",
  "no_plan",
  "verification_failed",
  "no_change",
  "question_unanswered",
  "run_failed",
  "run_cancelled",
  "run_vanished",
  "launch_refused",
  "launch_unconfirmed",
  "upstream_down",
  "never_started",
  "deadline",
  "operator",
  "issue_canceled",
  "issue_deleted",
  "pickup_label_removed"
])
export type OutcomeReason = typeof OutcomeReason.Type

/** Written once: the end of a dispatch. `facts` holds numbers, names and links. */
export const Outcome = Schema.Struct({
  kind: OutcomeKind,
  reason: OutcomeReason,
  message: Schema.String,
  facts: Schema.Record(Schema.String, Schema.Json)
}).annotate({ identifier: "Outcome" })
export type Outcome = typeof Outcome.Type
