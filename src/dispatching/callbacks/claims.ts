import * as Schema from "effect/Schema"
import { sameRepositoryName } from "../../upstreams/CodeHost.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"

// Only this reusable workflow may call: a token minted in the agent's own job does not name it.
const reportWorkflow = "ai-implement-report.yml"

// In seconds of the epoch: the year 5138.
const maxExpiry = 1e11

export const JobClaims = Schema.Struct({
  repository: Schema.String,
  repository_id: Schema.String,
  workflow_ref: Schema.String,
  job_workflow_ref: Schema.String,
  event_name: Schema.String,
  run_id: Schema.String.check(Schema.isPattern(/^\d{1,15}$/)),
  jti: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(200)),
  exp: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: maxExpiry }))
})
export type JobClaims = typeof JobClaims.Type

const refOf = (ref: string) => (ref.startsWith("refs/") ? ref : `refs/heads/${ref}`)

// Compares `owner/repo` without case, file and ref exactly.
const isWorkflow = (given: string, repository: string, ref: string, file: string) =>
  sameRepositoryName(given.slice(0, repository.length), repository) &&
  given.slice(repository.length) === `/.github/workflows/${file}@${refOf(ref)}`

type Place = Pick<DispatchRow, "owner" | "repo" | "ref" | "workflowFile">

/** Why a job with these claims does not belong to the dispatch's workflow; null when it does. The repository may have been renamed. */
export const refusedClaims = (claims: JobClaims, row: Place, repositoryId: number): string | null => {
  const expected = `${row.owner}/${row.repo}`
  const { repository } = claims
  if (claims.repository_id !== String(repositoryId)) {
    return sameRepositoryName(repository, expected)
      ? `The token belongs to another repository that had the name ${expected}; the repository ids differ.`
      : `The token belongs to a job in another repository; this dispatch belongs to ${expected}.`
  }
  if (claims.event_name !== "workflow_dispatch") {
    return "The token belongs to a run that no dispatch started: its event is not workflow_dispatch."
  }
  const file = row.workflowFile ?? ""
  if (!isWorkflow(claims.workflow_ref, repository, row.ref, file)) {
    return `The token belongs to another workflow; this dispatch runs ${file} on ${row.ref}.`
  }
  if (!isWorkflow(claims.job_workflow_ref, repository, row.ref, reportWorkflow)) {
    return `The token belongs to a job outside .github/workflows/${reportWorkflow} on ${row.ref}; only that workflow may call.`
  }
  return null
}
