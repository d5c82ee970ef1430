import * as Schema from "effect/Schema"

export const DispatchStatus = Schema.Literals([
  "reserved",
  "launching",
  "uncertain",
  "running",
  "stopping",
  "succeeded",
  "failed",
  "timed_out",
  "cancelled"
])
export type DispatchStatus = typeof DispatchStatus.Type

export const OutcomeKind = Schema.Literals(["delivered", "failed", "lost", "timed_out", "cancelled"])
export type OutcomeKind = typeof OutcomeKind.Type

/** The status a dispatch ends in. */
export const statusOfOutcome = (kind: OutcomeKind): DispatchStatus => {
  switch (kind) {
    case "delivered":
      return "succeeded"
    case "failed":
    case "lost":
      return "failed"
    case "timed_out":
      return "timed_out"
    case "cancelled":
      return "cancelled"
  }
}
