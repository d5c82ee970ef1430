import * as Schema from "effect/Schema"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"

/** The reusable workflow that alone speaks to us: a token minted in the agent's own job does not name it. */
const reportWorkflow = "ai-implement-report.yml"

/** In seconds of the epoch: the year 5138. */
const latest = 1e11

/** What GitHub says of a job in its OIDC token. */
export const JobClaims = Schema.Struct({
  repository: Schema.String,
  repository_id: Schema.String,
  workflow_ref: Schema.String,
  job_workflow_ref: Schema.String,
  event_name: Schema.String,
  run_id: Schema.String.check(Schema.isPattern(/^\d{1,15}$/)),
  jti: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(200)),
  exp: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: latest }))
})
export type JobClaims = typeof JobClaims.Type

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

const refOf = (ref: string) => (ref.startsWith("refs/") ? ref : `refs/heads/${ref}`)

/** `owner/repo` counts whatever its case, file and ref as they are. */
const isWorkflow = (given: string, { owner, ref, repo }: Place, file: string) => {
  const repository = `${owner}/${repo}`
  return (
    sameName(given.slice(0, repository.length), repository) &&
    given.slice(repository.length) === `/.github/workflows/${file}@${refOf(ref)}`
  )
}

type Place = Pick<DispatchRow, "owner" | "repo" | "ref" | "workflowFile">

/** Why a job with these claims is not one of the dispatch's workflow, or null when it is. */
export const refusedClaims = (claims: JobClaims, row: Place, repositoryId: number): string | null => {
  const repository = `${row.owner}/${row.repo}`
  if (!sameName(claims.repository, repository)) {
    return `The token is of a job in another repository; this dispatch belongs to ${repository}.`
  }
  if (claims.repository_id !== String(repositoryId)) {
    return `The token is of another repository that had the name ${repository}; its id is not the one GitHub gives now.`
  }
  if (claims.event_name !== "workflow_dispatch") {
    return "The token is of a run that no dispatch started: its event is not workflow_dispatch."
  }
  const file = row.workflowFile ?? ""
  if (!isWorkflow(claims.workflow_ref, row, file)) {
    return `The token is of another workflow; this dispatch runs ${file} on ${row.ref}.`
  }
  if (!isWorkflow(claims.job_workflow_ref, row, reportWorkflow)) {
    return `The token is of a job that does not come from .github/workflows/${reportWorkflow} on ${row.ref}; only that workflow may call.`
  }
  return null
}
