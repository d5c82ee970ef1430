import { labels } from "../domain/Labels.ts"
import type { FailureMemory } from "../domain/Failures.ts"
import type { Outcome } from "../domain/Outcome.ts"
import type { PullRequest } from "../domain/Dispatch.ts"
import type { DispatchRow } from "./rows.ts"

export type SettlementEffect =
  | { readonly effect: "labels"; readonly add: ReadonlyArray<string>; readonly remove: ReadonlyArray<string> }
  | { readonly effect: "comment" | "parked_comment"; readonly text: string }

const runLink = (row: DispatchRow) => (row.run === null ? "" : `\n\n[Open the run](${row.run.url})`)

const commentOf = (row: DispatchRow, outcome: Outcome, pullRequest: PullRequest | null): string | null => {
  switch (outcome.kind) {
    case "delivered":
      return pullRequest === null
        ? `AI-Implement finished: ${outcome.message}${runLink(row)}`
        : `AI-Implement opened pull request [#${pullRequest.number}](${pullRequest.url}); it is ready for review.${runLink(row)}`
    case "failed":
    case "lost":
      return `AI-Implement did not deliver: ${outcome.message}${
        pullRequest === null ? "" : `\n\nPull request [#${pullRequest.number}](${pullRequest.url})`
      }${runLink(row)}`
    case "timed_out":
      return `AI-Implement ran out of time: ${outcome.message}${runLink(row)}`
    case "cancelled":
      return outcome.reason === "operator"
        ? `AI-Implement was stopped: ${outcome.message}${runLink(row)}`
        : null
  }
}

/** What the issue is told when a dispatch ends: nothing when nothing was ever launched. */
export const settlementEffects = (
  row: DispatchRow,
  outcome: Outcome,
  pullRequest: PullRequest | null,
  memory: FailureMemory | null
): ReadonlyArray<SettlementEffect> => {
  const effects: Array<SettlementEffect> = []
  const gone = outcome.reason === "issue_deleted"
  if (row.launchAttempt > 0 && !gone) {
    const planning = row.phase === "planning"
    effects.push({
      effect: "labels",
      add: outcome.kind === "delivered" ? [planning ? labels.planComplete : labels.readyForReview] : [],
      remove: [planning ? labels.planning : labels.working]
    })
    const text = commentOf(row, outcome, pullRequest)
    if (text !== null) effects.push({ effect: "comment", text })
  }
  if (memory !== null && memory.parkedAt !== null && outcome.kind !== "cancelled" && !gone) {
    effects.push({
      effect: "parked_comment",
      text: `AI-Implement leaves this issue alone after ${memory.failures} failed ${
        memory.failures === 1 ? "attempt" : "attempts"
      }: ${memory.last ?? outcome.message}\n\nTo try again, un-park it in the admin, or dispatch it from there.`
    })
  }
  return effects
}
