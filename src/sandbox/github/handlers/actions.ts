import * as Effect from "effect/Effect"
import { notFound, Refused } from "../errors.ts"
import { run as renderRun, runLinks, workflow as renderWorkflow } from "../render/actions.ts"
import { annotations as renderAnnotations, job as renderJob, jobIdOf } from "../render/job.ts"
import type { Repository, Run, Server, State, Workflow } from "../State.ts"
import { findWorkflow } from "../workflows.ts"
import type { Parameters } from "../Contract.ts"
import { type UpstreamCall, type Handler, textOf } from "./Handler.ts"
import { page } from "./paging.ts"
import { inRange } from "./range.ts"

const maxPayload = 65_535

const workflowOf = Effect.fnUntraced(function* (repository: Repository, parameters: Parameters) {
  return findWorkflow(repository, textOf(parameters, "workflow_id") ?? "") ?? (yield* notFound)
})

const runOf = Effect.fnUntraced(function* (state: State, repository: Repository, parameters: Parameters) {
  const found = state.runs.find(
    (run) => run.id === parameters["run_id"] && run.repository.id === repository.id
  )
  return found ?? (yield* notFound)
})

const invalid = (message: string) => new Refused({ status: 422, message })

const inputsOf = Effect.fnUntraced(function* ({ maxInputs }: Server, workflow: Workflow, given: unknown) {
  const inputs = Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, String(value)]))
  const names = Object.keys(inputs)
  if (names.length > maxInputs) {
    return yield* invalid(
      `Invalid request.\n\nyou may only define up to ${maxInputs} \`inputs\` for a \`workflow_dispatch\` event`
    )
  }
  const unexpected = names.filter((name) => !workflow.inputs.includes(name))
  if (unexpected.length > 0)
    return yield* invalid(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`)
  const missing = workflow.required?.find((name) => inputs[name] === undefined || inputs[name] === "")
  if (missing !== undefined) return yield* invalid(`Required input '${missing}' not provided`)
  if (JSON.stringify(inputs).length > maxPayload) return yield* invalid("inputs are too large.")
  return inputs
})

const list = (
  { base, now, parameters, state, url }: UpstreamCall,
  repository: Repository,
  keep: (run: Run) => boolean = () => true
) => {
  const wanted = (name: string, value: string | null) => {
    const wanted = textOf(parameters, name)
    return wanted === undefined || wanted === value
  }
  const found = state.runs
    .filter((run) => run.repository.id === repository.id && keep(run))
    .filter((run) => now - run.createdAt >= state.consistencyDelay)
    .filter((run) => wanted("status", run.status) || wanted("status", run.conclusion))
    .filter((run) => wanted("branch", run.branch) && wanted("head_sha", run.headSha))
    .filter((run) => wanted("event", "workflow_dispatch") && wanted("check_suite_id", String(run.id)))
    .filter((run) => inRange(textOf(parameters, "created"), run.createdAt))
    .reverse()
  const { items, headers } = page(found, url, parameters)
  return {
    status: 200,
    headers,
    body: { total_count: found.length, workflow_runs: items.map((run) => renderRun(base, run)) }
  }
}

const stop = (force: boolean): Handler => ({
  by: "repository",
  needs: ["actions", "write"],
  handle: Effect.fnUntraced(function* ({ parameters, repository, runs, state, token }) {
    const run = yield* runOf(state, repository, parameters)
    const by = `${token.installation.app.slug}[bot]`
    if (run.status === "completed") {
      return yield* new Refused({ status: 409, message: "Cannot cancel a workflow run that is completed." })
    }
    yield* force ? runs.forceCancel(run, by) : runs.cancel(run, by)
    return { status: 202, body: {} }
  })
})

export const actions = {
  "actions/get-workflow": {
    by: "repository",
    needs: ["actions", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository }) {
      const workflow = yield* workflowOf(repository, parameters)
      return { status: 200, body: renderWorkflow(base, repository, workflow) }
    })
  },
  "actions/create-workflow-dispatch": {
    by: "repository",
    needs: ["actions", "write"],
    handle: Effect.fnUntraced(function* ({ apiVersion, base, body, parameters, repository, runs, state }) {
      const workflow = yield* workflowOf(repository, parameters)
      const ref = String(body["ref"])
      const branch = ref.replace(/^refs\/heads\//, "")
      if (!repository.branches.has(branch)) return yield* invalid(`No ref found for: ${ref}`)
      if (workflow.state !== undefined && workflow.state !== "active") {
        return yield* invalid("Cannot trigger a 'workflow_dispatch' on a disabled workflow")
      }
      if (!state.server.runDetails && "return_run_details" in body) {
        return yield* invalid('Invalid request.\n\n"return_run_details" is not a permitted key.')
      }
      const inputs = yield* inputsOf(state.server, workflow, body["inputs"])
      const run = yield* runs.dispatch(repository, workflow, branch, inputs)
      if (!state.server.runDetails || (body["return_run_details"] !== true && apiVersion < "2026-03-10"))
        return { status: 204 }
      const { url: run_url, html_url } = runLinks(base, run)
      return { status: 200, body: { workflow_run_id: run.id, run_url, html_url } }
    })
  },
  "actions/list-workflow-runs": {
    by: "repository",
    needs: ["actions", "read"],
    handle: Effect.fnUntraced(function* (call) {
      const workflow = yield* workflowOf(call.repository, call.parameters)
      return list(call, call.repository, (run) => run.workflow.id === workflow.id)
    })
  },
  "actions/list-workflow-runs-for-repo": {
    by: "repository",
    needs: ["actions", "read"],
    handle: (call) => Effect.sync(() => list(call, call.repository))
  },
  "actions/get-workflow-run": {
    by: "repository",
    needs: ["actions", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository, state }) {
      return { status: 200, body: renderRun(base, yield* runOf(state, repository, parameters)) }
    })
  },
  "actions/list-jobs-for-workflow-run": {
    by: "repository",
    needs: ["actions", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository, state }) {
      const run = yield* runOf(state, repository, parameters)
      return { status: 200, body: { total_count: 1, jobs: [renderJob(base, run)] } }
    })
  },
  "checks/list-annotations": {
    by: "repository",
    needs: ["checks", "read"],
    handle: Effect.fnUntraced(function* ({ base, parameters, repository, state }) {
      const run = state.runs.find(
        (run) => jobIdOf(run) === parameters["check_run_id"] && run.repository.id === repository.id
      )
      return run === undefined ? yield* notFound : { status: 200, body: renderAnnotations(base, run) }
    })
  },
  "actions/cancel-workflow-run": stop(false),
  "actions/force-cancel-workflow-run": stop(true)
} satisfies Record<string, Handler>
