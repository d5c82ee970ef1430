import type { Repository, Run, Workflow } from "../State.ts"
import { repository } from "./repository.ts"
import { time } from "./time.ts"
import { botOf, user } from "./user.ts"

export const runLinks = (base: string, run: Run) => ({
  url: `${base}/repos/${run.repository.fullName}/actions/runs/${run.id}`,
  html_url: `${base}/${run.repository.fullName}/actions/runs/${run.id}`
})

export const workflow = (base: string, repo: Repository, value: Workflow) => ({
  id: value.id,
  node_id: `W_${value.id}`,
  name: value.name,
  path: value.path,
  state: value.state ?? "active",
  created_at: time(repo.createdAt),
  updated_at: time(repo.createdAt),
  url: `${base}/repos/${repo.fullName}/actions/workflows/${value.id}`,
  html_url: `${base}/${repo.fullName}/blob/${repo.defaultBranch}/${value.path}`,
  badge_url: `${base}/${repo.fullName}/workflows/${encodeURIComponent(value.name)}/badge.svg`
})

export const run = (base: string, value: Run) => {
  const { url, html_url } = runLinks(base, value)
  const repo = repository(base, value.repository)
  const actor = user(base, botOf(value.repository), "Bot")
  return {
    id: value.id,
    name: value.workflow.name,
    node_id: `WFR_${value.id}`,
    head_branch: value.branch,
    head_sha: value.headSha,
    path: value.workflow.path,
    display_title: value.displayTitle,
    run_number: value.number,
    run_attempt: 1,
    event: "workflow_dispatch",
    status: value.status,
    conclusion: value.conclusion,
    workflow_id: value.workflow.id,
    check_suite_id: value.id,
    check_suite_node_id: `CS_${value.id}`,
    url,
    html_url,
    pull_requests: [],
    created_at: time(value.createdAt),
    updated_at: time(value.updatedAt),
    run_started_at: time(value.startedAt ?? value.createdAt),
    actor,
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${base}/repos/${value.repository.fullName}/check-suites/${value.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${base}/repos/${value.repository.fullName}/actions/workflows/${value.workflow.id}`,
    referenced_workflows: [],
    head_commit: {
      id: value.headSha,
      tree_id: value.headSha,
      message: "Latest commit",
      timestamp: time(value.repository.createdAt),
      author: { name: value.repository.owner, email: "author@example.com" },
      committer: { name: value.repository.owner, email: "author@example.com" }
    },
    repository: repo,
    head_repository: repo
  }
}
