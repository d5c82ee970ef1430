import { askedIn } from "../../domain/Command.ts"
import type { PullRequest } from "../../domain/Dispatch.ts"
import type { Reason } from "../../domain/Reason.ts"
import type { PullRequestComment } from "../../upstreams/CodeHost.ts"

type CommentRequest =
  | { readonly _tag: "Request"; readonly author: string; readonly text: string }
  | { readonly _tag: "Refused"; readonly why: string }

const refused = (why: string): CommentRequest => ({ _tag: "Refused", why })

/** What a comment on pull request `number` asks for, and who asks, from the current comment. */
export const requestIn = (comment: PullRequestComment | null, number: number): CommentRequest => {
  if (comment === null) return refused("The comment was deleted.")
  if (comment.number !== number) return refused(`The comment is not on pull request #${number}.`)
  if (comment.edited) return refused("The comment was edited; only unedited comments count.")
  const text = askedIn(comment.body)
  if (text === null) return refused("The comment does not begin with /ai-implement.")
  if (comment.author === null) return refused("The author of the comment is unknown.")
  return { _tag: "Request", author: comment.author, text }
}

/** Why no run may continue a pull request; null when one may. */
export const refusedHead = (
  head: (Pick<PullRequest, "number" | "state"> & { readonly fork: boolean }) | null
): string | null => {
  if (head === null) return "The pull request does not exist."
  if (head.state !== "open") return `Pull request #${head.number} is ${head.state}.`
  return head.fork ? `The branch of pull request #${head.number} is in another repository.` : null
}

export const passes = ({ _tag }: Pick<Reason, "_tag">) => {
  switch (_tag) {
    case "globally_paused":
    case "paused":
    case "waiting_answer":
    case "running":
    case "settling":
    case "budget_low":
    case "upstream_down":
    case "hourly_limit":
    case "team_at_capacity":
    case "lost_race":
      return true
    case "no_mapping":
    case "unreadable":
    case "labelled_elsewhere":
    case "ready_for_review":
    case "open_pull_request":
    case "blocked":
    case "held":
    case "parked":
    case "waiting_approval":
    case "dedup":
    case "backing_off":
    case "tracker_not_ready":
    case "not_configured":
    case "provider_unsupported":
    case "repository_not_ready":
      return false
  }
}

const maxRequestLength = 10_000

/** The description followed by the request of a comment. */
export const withRequest = (
  description: string | null,
  { asked, by, number }: { readonly asked: string; readonly by: string; readonly number: number }
) => {
  if (asked === "") return description
  const text =
    asked.length <= maxRequestLength ? asked : `${asked.slice(0, maxRequestLength).toWellFormed()}…`
  return `${description ?? ""}\n\n---\n\n${by} asks in a comment on pull request #${number}:\n\n${text}`.trim()
}
