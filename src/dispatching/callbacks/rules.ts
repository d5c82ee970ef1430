import type { DispatchRow } from "../dispatches/DispatchRow.ts"

/** Why a run may not report on the dispatch: it did not claim it. Null when it did. */
export const refusedClaimant = (row: DispatchRow, claimant: string): string | null => {
  if (row.claimedBy === claimant) return null
  return row.claimedBy === null
    ? `The dispatch of ${row.issueIdentifier} is not claimed. POST /runner/claim first.`
    : `Another run has claimed the dispatch of ${row.issueIdentifier}. End without work.`
}

/** Why a run gets no token that writes to the repository; null when it may push. */
export const refusedToken = ({ issueIdentifier, phase }: DispatchRow): string | null =>
  phase === "planning"
    ? `The dispatch of ${issueIdentifier} is a planning run: it changes nothing in the repository and gets no token.`
    : null

/** Why a run may not start or continue its work; null when it may. */
export const refusedWork = (row: DispatchRow, claimant: string): string | null => {
  if (row.outcome !== null) {
    return `The dispatch of ${row.issueIdentifier} has ended (${row.status}). End without work.`
  }
  if (row.stopRequestedAt !== null) {
    return `The dispatch of ${row.issueIdentifier} is being stopped. End without work.`
  }
  return refusedClaimant(row, claimant)
}
