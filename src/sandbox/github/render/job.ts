import { idOf, type Run } from "../State.ts"
import { runLinks } from "./actions.ts"
import { time } from "./time.ts"

/** Each run has one job; its check run has the same id. */
export const jobIdOf = ({ id }: Run) => idOf(`job of ${id}`)

const conclusionOf = ({ conclusion }: Run) => (conclusion === "startup_failure" ? "failure" : conclusion)

export const job = (base: string, run: Run) => {
  const id = jobIdOf(run)
  const { url: run_url, html_url } = runLinks(base, run)
  const repository = `${base}/repos/${run.repository.fullName}`
  return {
    id,
    run_id: run.id,
    run_url,
    run_attempt: 1,
    node_id: `CR_${id}`,
    head_sha: run.headSha,
    url: `${repository}/actions/jobs/${id}`,
    html_url: `${html_url}/job/${id}`,
    status: run.status,
    conclusion: conclusionOf(run),
    created_at: time(run.createdAt),
    started_at: time(run.startedAt ?? run.createdAt),
    completed_at: run.status === "completed" ? time(run.updatedAt) : null,
    name: "agent",
    steps: [],
    check_run_url: `${repository}/check-runs/${id}`,
    labels: ["ubuntu-latest"],
    runner_id: null,
    runner_name: null,
    runner_group_id: null,
    runner_group_name: null,
    workflow_name: run.workflow.name,
    head_branch: run.branch
  }
}

const messagesOf = ({ cancelled, group }: Run) => {
  if (cancelled === null) return []
  if (cancelled === "timeout") {
    return ["The job has exceeded the maximum execution time of 30m0s", "The operation was canceled."]
  }
  if (cancelled === "concurrency") {
    return [`Canceling since a higher priority waiting request for '${group ?? "deploy"}' exists`]
  }
  return [`The run was canceled by @${cancelled.by}.`, "The operation was canceled."]
}

export const annotations = (base: string, run: Run) =>
  messagesOf(run).map((message) => ({
    path: ".github",
    start_line: 1,
    end_line: 1,
    start_column: null,
    end_column: null,
    annotation_level: "failure",
    title: "",
    message,
    raw_details: "",
    blob_href: `${base}/${run.repository.fullName}/blob/${run.headSha}/.github`
  }))
