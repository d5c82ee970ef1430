import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Run } from "../../domain/Dispatch.ts"
import { leastNeeded, runDetails } from "../../domain/WorkflowInputs.ts"
import { mayBeDone, rejected } from "../client/errors.ts"
import { UpstreamUrl } from "../client/upstreamText.ts"
import type { Repository } from "../CodeHost.ts"
import type { Backend, ObservedRun, WorkflowLaunch } from "../RunBackends.ts"
import { isNotFound, UpstreamError } from "../UpstreamError.ts"
import type { Client } from "./Client.ts"
import { makeCancellation } from "./cancellation.ts"
import { clockTolerance } from "./clock.ts"
import { errors } from "./errors.ts"
import { inputsOf, maxCharacters } from "./inputs.ts"
import {
  carries,
  toObserved,
  type WorkflowRun,
  WorkflowRun as WorkflowRunSchema,
  WorkflowRuns
} from "./run.ts"

const pageSize = 100
const maxRunPages = 3

const Started = Schema.NullOr(Schema.Struct({ workflow_run_id: Schema.Int, html_url: UpstreamUrl }))

// `created` of a query. Full hours keep the query the same for an hour, so that its answer can be "not modified".
const createdSince = (since: DateTime.Utc, part: "minute" | "hour") => {
  const from = DateTime.startOf(DateTime.subtractDuration(since, clockTolerance.runs), part)
  return `>=${DateTime.formatIso(from).replace(/\.\d+Z$/, "Z")}`
}

const oldestFirst = (runs: ReadonlyArray<ObservedRun>) =>
  runs.toSorted((a, b) => DateTime.Order(a.createdAt, b.createdAt) || runId(a) - runId(b))

const runId = ({ run }: ObservedRun) => (run.kind === "github" ? run.id : 0)

type Actions = Backend<"github">

interface ServerLimits {
  readonly runDetails: boolean
  readonly maxInputs: number
}

export const makeRuns = (client: Client["Service"]): Actions => {
  let server: ServerLimits = { runDetails: true, maxInputs: Infinity }

  // A launch of the same dispatch follows, without what is named; later launches omit it from the start.
  const learned = (error: UpstreamError, inputs: Readonly<Record<string, string>>) => {
    if (error.reason._tag !== "Rejected") return error
    const { maxInputs, undeclaredInputs } = error.reason
    if (undeclaredInputs.includes(runDetails)) server = { ...server, runDetails: false }
    if (maxInputs === undefined) return error
    server = { ...server, maxInputs: Math.min(maxInputs, server.maxInputs) }
    const { message, operation, upstream } = error
    return new UpstreamError({
      upstream,
      operation,
      message,
      reason: { _tag: "Rejected", undeclaredInputs: leastNeeded(inputs, maxInputs) }
    })
  }

  const launch = Effect.fn("GitHub.launch")(function* (
    request: WorkflowLaunch
  ): Effect.fn.Return<Run | null, UpstreamError> {
    const { owner, repo, ref, workflowFile } = request
    const call = {
      name: "launch",
      to: `start ${workflowFile} on ${ref} of ${owner}/${repo} for ${request.issueIdentifier}`,
      given: Object.values(request.extraEnv),
      absent: `there is no workflow file ${workflowFile} on the default branch of ${owner}/${repo}, or the App may not see it; add it or correct the mapping`,
      unanswered: "Whether the run was started is not known; it is looked up before anything is sent again."
    }
    const all = inputsOf(request)
    if (all === null) {
      return yield* errors.fail(call, [
        rejected,
        `GitHub was not asked to ${call.to}: what goes with it is larger than ${maxCharacters} characters. Make the mapping's extraEnv smaller.`
      ])
    }
    const leftOut = leastNeeded(all, server.maxInputs)
    const inputs = Object.fromEntries(Object.entries(all).filter(([name]) => !leftOut.includes(name)))
    const asksDetails = server.runDetails && !request.undeclaredInputs.includes(runDetails)
    const started = yield* client
      .launch(
        {
          ...call,
          operation: "actions/create-workflow-dispatch",
          repository: { owner, repo },
          parameters: {
            workflow_id: workflowFile,
            ref,
            inputs,
            ...(asksDetails && { return_run_details: true })
          },
          body: Started
        },
        request.proceed
      )
      .pipe(Effect.mapError((error) => learned(error, inputs)))
    return started && { kind: "github", id: started.workflow_run_id, url: started.html_url }
  })

  const page = (
    name: string,
    { owner, repo }: Repository,
    created: string,
    number: number
  ): Effect.Effect<ReadonlyArray<WorkflowRun>, UpstreamError> =>
    client
      .ask({
        name,
        to: `list the runs of ${owner}/${repo}`,
        operation: "actions/list-workflow-runs-for-repo",
        repository: { owner, repo },
        parameters: {
          event: "workflow_dispatch",
          created,
          exclude_pull_requests: true,
          per_page: pageSize,
          page: number
        },
        body: WorkflowRuns
      })
      .pipe(Effect.map(({ workflow_runs }) => workflow_runs))

  const find = Effect.fn("GitHub.find")(function* ({
    place,
    ...query
  }: Parameters<Actions["find"]>[0]): Effect.fn.Return<ReadonlyArray<ObservedRun>, UpstreamError> {
    const created = createdSince(query.since, "minute")
    const found: Array<WorkflowRun> = []
    for (let number = 1; number <= maxRunPages; number++) {
      const runs = yield* page("find", place, created, number)
      found.push(...runs.filter((run) => carries(run, query.dispatchId)))
      if (runs.length < pageSize) return oldestFirst(found.map(toObserved))
    }
    if (found.length > 0) return oldestFirst(found.map(toObserved))
    return yield* errors.fail({ name: "find" }, [
      { _tag: "Unavailable", delivery: "unknown" },
      `${place.owner}/${place.repo} had more than ${maxRunPages * pageSize} runs since the dispatch, and it is not among the newest of them. Nothing is concluded from that; look for it on the repository's Actions page.`
    ])
  })

  const one = ({ owner, repo }: Repository, id: number) =>
    client
      .ask({
        name: "list",
        to: `read the run ${id} of ${owner}/${repo}`,
        operation: "actions/get-workflow-run",
        repository: { owner, repo },
        parameters: { run_id: id, exclude_pull_requests: true },
        body: WorkflowRunSchema
      })
      .pipe(
        Effect.map((run): ReadonlyArray<WorkflowRun> => [run]),
        Effect.catchIf(isNotFound, () => Effect.succeed([]))
      )

  const list = Effect.fn("GitHub.list")(function* ({
    place,
    runs,
    since
  }: Parameters<Actions["list"]>[0]): Effect.fn.Return<ReadonlyArray<ObservedRun>, UpstreamError> {
    const ids = runs.flatMap((run) => (run.kind === "github" ? run.id : []))
    const listed = yield* page("list", place, createdSince(since, "hour"), 1)
    const missing = ids.filter((id) => !listed.some((run) => run.id === id))
    const others = yield* Effect.forEach(missing, (id) => one(place, id), { concurrency: 10 })
    const observed = [...listed, ...others.flat()].map(toObserved)
    return oldestFirst(observed.filter((run) => run.dispatchId !== null || ids.includes(runId(run))))
  })

  const stop = Effect.fn("GitHub.stop")(function* ({
    force,
    place: { owner, repo },
    run
  }: Parameters<Actions["stop"]>[0]): Effect.fn.Return<void, UpstreamError> {
    if (run.kind !== "github") {
      return yield* errors.fail({ name: "stop" }, [
        rejected,
        `GitHub was not asked to stop the machine ${run.machineId}: it runs on Fly. Nothing was changed.`
      ])
    }
    yield* client.ask({
      name: "stop",
      to: `${force ? "force the cancellation of" : "cancel"} the run ${run.id} of ${owner}/${repo}`,
      unanswered: mayBeDone,
      operation: force ? "actions/force-cancel-workflow-run" : "actions/cancel-workflow-run",
      repository: { owner, repo },
      parameters: { run_id: run.id },
      // 409: the run has ended already.
      also: ({ status }) => (status === 409 ? null : undefined),
      body: Schema.Unknown
    })
  })

  const probe = Effect.fn("GitHub.probe")(function* (): Effect.fn.Return<void, UpstreamError> {
    yield* client.app({
      name: "probe",
      to: "say who the App is",
      operation: "apps/get-authenticated",
      body: Schema.Struct({ id: Schema.Int })
    })
  })

  const cancellationOf = makeCancellation(client)
  const cancellation: Actions["cancellation"] = ({ place, run }) =>
    run.kind === "github" ? cancellationOf(place, run.id) : Effect.succeed(null)

  return { launch, find, list, stop, cancellation, probe }
}
