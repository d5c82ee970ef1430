import { idOf, type PullRequest, type Repository } from "../State.ts"
import { repository } from "./repository.ts"
import { time, timeOrNull } from "./time.ts"
import { botOf, user } from "./user.ts"

const headOf = ({ fork, repository }: PullRequest): Repository => {
  if (fork === null) return repository
  const fullName = `${fork}/${repository.name}`
  return { ...repository, id: idOf(fullName), owner: fork, fullName }
}

export const pullSimple = (base: string, pull: PullRequest) => {
  const { fullName } = pull.repository
  const url = `${base}/repos/${fullName}/pulls/${pull.number}`
  const html = `${base}/${fullName}/pull/${pull.number}`
  const issue = `${base}/repos/${fullName}/issues/${pull.number}`
  const side = (ref: string, sha: string, of: Repository) => ({
    label: `${of.owner}:${ref}`,
    ref,
    sha,
    user: user(base, of.owner),
    repo: repository(base, of)
  })
  const links = {
    comments: `${issue}/comments`,
    commits: `${url}/commits`,
    statuses: `${base}/repos/${fullName}/statuses/${pull.headSha}`,
    html,
    issue,
    review_comments: `${url}/comments`,
    review_comment: `${base}/repos/${fullName}/pulls/comments{/number}`,
    self: url
  }
  return {
    url,
    id: pull.id,
    node_id: `PR_${pull.id}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user:
      pull.author === null
        ? user(base, botOf(pull.repository), "Bot")
        : user(base, pull.author, pull.author.endsWith("[bot]") ? "Bot" : "User"),
    body: pull.body,
    labels: [],
    milestone: null,
    active_lock_reason: null,
    created_at: time(pull.createdAt),
    updated_at: time(pull.updatedAt),
    closed_at: timeOrNull(pull.closedAt),
    merged_at: timeOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: side(pull.branch, pull.headSha, headOf(pull)),
    base: side(pull.base, pull.repository.branches.get(pull.base) ?? pull.headSha, pull.repository),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: "CONTRIBUTOR",
    auto_merge: null,
    draft: pull.draft
  }
}

export const pull = (base: string, value: PullRequest) => ({
  ...pullSimple(base, value),
  merged: value.mergedAt !== null,
  mergeable: value.state === "open" ? true : null,
  rebaseable: value.state === "open" ? true : null,
  mergeable_state: value.draft ? "draft" : value.state === "open" ? "clean" : "unknown",
  merged_by: value.mergedAt === null ? null : user(base, value.repository.owner),
  comments: 0,
  review_comments: 0,
  maintainer_can_modify: false,
  commits: 1,
  additions: 12,
  deletions: 3,
  changed_files: 2
})
