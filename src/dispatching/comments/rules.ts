import { askedIn } from "../../domain/Command.ts"
import type { PullRequest } from "../../domain/Dispatch.ts"
import type { Reason } from "../../domain/Reason.ts"
import type { PullRequestComment } from "../../upstreams/CodeHost.ts"

/** Why a comment, as it is now, asks for nothing; null when it does. */
export const refusedComment = (comment: PullRequestComment | null, number: number): string | null => {
  if (comment === null) return "The comment is gone."
  if (comment.number !== number) return `The comment is not on pull request #${number}.`
  if (comment.edited) return "The comment was edited; only one that nobody touched since counts."
  if (askedIn(comment.body) === null) return "The comment does not begin with /ai-implement."
  return comment.author === null ? "Nobody is known as the author of the comment." : null
}

/** Why no run may go on with a pull request; null when one may. */
export const refusedHead = (
  head: (Pick<PullRequest, "number" | "state"> & { readonly fork: boolean }) | null
): string | null => {
  if (head === null) return "There is no such pull request."
  if (head.state !== "open") return `Pull request #${head.number} is ${head.state}.`
  return head.fork ? `The branch of pull request #${head.number} is in another repository.` : null
}

/** Whether a reason to wait passes by itself. */
export const passes = ({ _tag }: Reason) => {
  switch (_tag) {
    case "globally_paused":
    case "paused":
    case "running":
    case "settling":
    case "budget_low":
    case "upstream_down":
    case "hourly_limit":
    case "team_at_capacity":
    case "lost_race":
      return true
    case "no_mapping":
    case "labelled_elsewhere":
    case "ready_for_review":
    case "open_pull_request":
    case "blocked":
    case "parked":
    case "waiting_approval":
    case "dedup":
    case "backing_off":
    case "not_configured":
    case "provider_unsupported":
    case "repository_not_ready":
      return false
  }
}

const maxRequests = 10_000

/** The description of an issue with what a comment asks besides. */
export const withAsked = (
  description: string | null,
  { asked, by, number }: { readonly asked: string; readonly by: string; readonly number: number }
) => {
  if (asked === "") return description
  const text = asked.length <= maxRequests ? asked : `${asked.slice(0, maxRequests).toWellFormed()}…`
  return `${description ?? ""}\n\n---\n\n${by} asks in a comment on pull request #${number}:\n\n${text}`.trim()
}
