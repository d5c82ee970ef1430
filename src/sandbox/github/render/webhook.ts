import type { Webhook } from "../../../upstreams/github/operations.ts"
import type { Installation } from "../Auth.ts"
import type { Change, Comment, PullRequest, Repository } from "../State.ts"
import { run, workflow } from "./actions.ts"
import { comment } from "./comment.ts"
import { pull } from "./pull.ts"
import { repository } from "./repository.ts"
import { time, timeOrNull } from "./time.ts"
import { botOf, user } from "./user.ts"

export interface Rendered {
  readonly name: Webhook
  readonly event: "workflow_run" | "pull_request" | "issue_comment"
  readonly body: object
}

const noReactions = (url: string) => ({
  url: `${url}/reactions`,
  total_count: 0,
  "+1": 0,
  "-1": 0,
  laugh: 0,
  hooray: 0,
  confused: 0,
  heart: 0,
  rocket: 0,
  eyes: 0
})

const asIssue = (base: string, value: PullRequest) => {
  const { fullName } = value.repository
  const url = `${base}/repos/${fullName}/issues/${value.number}`
  const html_url = `${base}/${fullName}/pull/${value.number}`
  return {
    url,
    repository_url: `${base}/repos/${fullName}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url,
    id: value.id,
    node_id: `PR_${value.id}`,
    number: value.number,
    title: value.title,
    user: user(base, botOf(value.repository), "Bot"),
    labels: [],
    state: value.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: value.repository.comments.filter((one) => one.pull === value).length,
    created_at: time(value.createdAt),
    updated_at: time(value.updatedAt),
    closed_at: timeOrNull(value.closedAt),
    author_association: "CONTRIBUTOR",
    active_lock_reason: null,
    draft: value.draft,
    pull_request: {
      url: `${base}/repos/${fullName}/pulls/${value.number}`,
      html_url,
      diff_url: `${html_url}.diff`,
      patch_url: `${html_url}.patch`,
      merged_at: timeOrNull(value.mergedAt)
    },
    body: value.body,
    reactions: noReactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: null
  }
}

const commentOf = (base: string, value: Comment) => {
  const shown = comment(base, value)
  return { ...shown, reactions: noReactions(shown.url) }
}

const runNames = {
  requested: "workflow-run-requested",
  in_progress: "workflow-run-in-progress",
  completed: "workflow-run-completed"
} as const

export const webhookOf = (
  base: string,
  change: Change,
  { id }: Pick<Installation, "id">
): Rendered | undefined => {
  const common = (of: Repository, sender: string, type: "User" | "Bot") => ({
    repository: repository(base, of),
    sender: user(base, sender, type),
    installation: { id, node_id: `MDIzOkludGVncmF0aW9u${id}` }
  })
  const { action } = change
  switch (change._tag) {
    case "run": {
      if (change.action === "queued") return undefined
      const of = change.run.repository
      const body = {
        action,
        workflow_run: run(base, change.run),
        workflow: workflow(base, of, change.run.workflow),
        ...common(of, botOf(of), "Bot")
      }
      return { name: runNames[change.action], event: "workflow_run", body }
    }
    case "pullRequest": {
      const { pull: value } = change
      const of = value.repository
      const body = {
        action,
        number: value.number,
        ...(change.action === "synchronize" ? { before: value.previousSha, after: value.headSha } : {}),
        pull_request: pull(base, value),
        ...common(of, botOf(of), "Bot")
      }
      return { name: `pull-request-${change.action}`, event: "pull_request", body }
    }
    case "comment": {
      const { comment: value } = change
      const of = value.pull.repository
      const body = {
        action,
        ...(change.before === undefined ? {} : { changes: { body: { from: change.before } } }),
        issue: asIssue(base, value.pull),
        comment: commentOf(base, value),
        ...common(of, value.author, value.author.endsWith("[bot]") ? "Bot" : "User")
      }
      return { name: `issue-comment-${change.action}`, event: "issue_comment", body }
    }
  }
}
