import * as DateTime from "effect/DateTime"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import type { PullRequest } from "../../domain/Dispatch.ts"
import type { Outcome } from "../../domain/Outcome.ts"
import { type MonitorPolicy, repositoryGone, stoppedOutcome } from "./observe.ts"

export const nextCheck = (row: DispatchRow, now: DateTime.Utc, policy: MonitorPolicy) => {
  const delay = policy.pullRequestLooks[row.pullRequestLooks]
  if (row.runEndedAt === null || delay === undefined) return true
  return DateTime.isGreaterThanOrEqualTo(now, DateTime.addDuration(row.runEndedAt, delay))
}

export const isLastCheck = (row: DispatchRow, policy: MonitorPolicy) =>
  row.pullRequestLooks + 1 >= policy.pullRequestLooks.length

// The agent reports that its change failed verification: no pull request makes that a success.
const unverified = (row: DispatchRow, found: PullRequest | null): Outcome => {
  const why = row.report?.failure?.message
  return {
    kind: "failed",
    reason: "verification_failed",
    message: `the change did not pass its verification${why === undefined ? "" : ` (${why.slice(0, 500).toWellFormed()})`}${
      found === null ? "." : `; it is in pull request #${found.number}.`
    }`,
    facts: found === null ? {} : { number: found.number, url: found.url }
  }
}

/** What a check means: delivered, a draft, nothing found, or null while another check follows. */
export const pullRequestOutcome = (
  row: DispatchRow,
  found: PullRequest | null,
  policy: MonitorPolicy
): Outcome | null => {
  if (row.report?.outcome === "verification_failed" && (found !== null || isLastCheck(row, policy))) {
    return unverified(row, found)
  }
  if ((found === null || found.state === "closed") && row.stopRequestedAt !== null) return stoppedOutcome(row)
  if (found === null) {
    return !isLastCheck(row, policy)
      ? null
      : {
          kind: "failed",
          reason: "no_pull_request",
          message: `the run ended well, but no pull request of branch ${row.branch} could be found.`,
          facts: { branch: row.branch }
        }
  }
  const facts = { number: found.number, url: found.url }
  if (found.state === "closed") {
    return {
      kind: "failed",
      reason: "pull_request_closed",
      message: `pull request #${found.number} of the run was closed without a merge.`,
      facts
    }
  }
  if (found.state === "merged") {
    return {
      kind: "delivered",
      reason: "pull_request",
      message: `pull request #${found.number} was merged.`,
      facts
    }
  }
  return found.draft
    ? {
        kind: "failed",
        reason: "verification_failed",
        message: `the run left pull request #${found.number} as a draft.`,
        facts
      }
    : {
        kind: "delivered",
        reason: "pull_request",
        message: `pull request #${found.number} is ready for review.`,
        facts
      }
}

export const noRepositoryOutcome = (row: DispatchRow, policy: MonitorPolicy): Outcome | null => {
  if (row.stopRequestedAt !== null) return stoppedOutcome(row)
  return isLastCheck(row, policy) ? repositoryGone(row) : null
}
