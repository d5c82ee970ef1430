import type { JobClaims } from "../callbacks/claims.ts"

const workflow = ".github/workflows/ai-implement-comment.yml"

/** Why a job may not hand on a comment of its repository; null when it may. */
export const refusedJob = (claims: JobClaims): string | null => {
  if (claims.event_name !== "issue_comment") {
    return "The token is of a run that no comment started: its event is not issue_comment."
  }
  const from = `${claims.repository}/${workflow}@refs/heads/`.toLowerCase()
  const isIts = (ref: string) => ref.toLowerCase().startsWith(from)
  return isIts(claims.workflow_ref) && isIts(claims.job_workflow_ref)
    ? null
    : `The token is of a job that does not come from ${workflow} of its repository; only that workflow may call.`
}
