import * as Schema from "effect/Schema"
import { UpstreamText, UpstreamTime, UpstreamUrl } from "../client/upstreamText.ts"
import type { ObservedRun } from "../RunBackends.ts"
import { DispatchId, StoredDispatchId } from "../../domain/Ids.ts"

export const WorkflowRun = Schema.Struct({
  id: Schema.Int,
  name: Schema.optionalKey(Schema.NullOr(UpstreamText)),
  display_title: UpstreamText,
  status: Schema.NullOr(UpstreamText),
  conclusion: Schema.NullOr(UpstreamText),
  html_url: UpstreamUrl,
  created_at: UpstreamTime,
  run_started_at: Schema.optionalKey(Schema.NullOr(UpstreamTime))
})
export type WorkflowRun = typeof WorkflowRun.Type

export const WorkflowRuns = Schema.Struct({ workflow_runs: Schema.Array(WorkflowRun) })

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i

const dispatchIdOf = ({ display_title, name }: WorkflowRun) => {
  const [id] = uuid.exec(display_title) ?? uuid.exec(name ?? "") ?? []
  return id === undefined ? null : StoredDispatchId.make(id.toLowerCase())
}

export const carries = ({ display_title, name }: WorkflowRun, dispatchId: DispatchId) =>
  `${display_title}\n${name ?? ""}`.toLowerCase().includes(dispatchId.toLowerCase())

const conclusionOf = (conclusion: string | null): ObservedRun["conclusion"] => {
  switch (conclusion) {
    case null:
      return null
    case "success":
    case "failure":
    case "cancelled":
    case "timed_out":
      return conclusion
    case "startup_failure":
      return "never_started"
  }
  return "other"
}

const stateOf = (status: string | null): ObservedRun["state"] => {
  switch (status) {
    case "completed":
      return "completed"
    case "in_progress":
      return "running"
    case "waiting":
    case "pending":
      return status
  }
  return "queued"
}

export const toObserved = (run: WorkflowRun): ObservedRun => {
  const state = stateOf(run.status)
  return {
    run: { kind: "github", id: run.id, url: run.html_url },
    dispatchId: dispatchIdOf(run),
    state,
    detail: run.conclusion === "startup_failure" ? "its workflow file is not valid" : null,
    conclusion: state === "completed" ? (conclusionOf(run.conclusion) ?? "other") : null,
    createdAt: run.created_at,
    startedAt: state === "running" || state === "completed" ? (run.run_started_at ?? null) : null
  }
}
