import type { JobClaims } from "../callbacks/claims.ts"

const workflow = ".github/workflows/ai-implement-comment.yml"

/** Why a job may not report a comment of its repository; null when it may. */
export const refusedJob = (claims: JobClaims): string | null => {
  if (claims.event_name !== "issue_comment") {
    return "The token belongs to a run that no comment started: its event is not issue_comment."
  }
  const from = `${claims.repository}/${workflow}@refs/heads/`.toLowerCase()
  const isCommentWorkflow = (ref: string) => ref.toLowerCase().startsWith(from)
  return isCommentWorkflow(claims.workflow_ref) && isCommentWorkflow(claims.job_workflow_ref)
    ? null
    : `The token belongs to a job outside ${workflow} of its repository; only that workflow may call.`
}
