import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Repository } from "../CodeHost.ts"
import type { Backend, ObservedRun } from "../RunBackends.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Client } from "./Client.ts"
import { fail } from "./errors.ts"
import {
  carries,
  toObserved,
  type WorkflowRun,
  WorkflowRun as WorkflowRunSchema,
  WorkflowRuns
} from "./run.ts"

const pageSize = 100
const maxPages = 3

/** GitHub's clock is not ours. */
const tolerance = { minutes: 10 }

/** `created` of a query. By the hour, the same question is asked for long enough that its answer can be "not modified". */
const createdSince = (since: DateTime.Utc, part: "minute" | "hour") => {
  const from = DateTime.startOf(DateTime.subtract(since, tolerance), part)
  return `>=${DateTime.formatIso(from).replace(/\.\d+Z$/, "Z")}`
}

const oldestFirst = (runs: ReadonlyArray<ObservedRun>) =>
  runs.toSorted((a, b) => DateTime.Order(a.createdAt, b.createdAt) || runId(a) - runId(b))

const runId = ({ run }: ObservedRun) => (run.kind === "github" ? run.id : 0)

type Actions = Backend<"github">

export const makeRuns = (client: Client["Service"]) => {
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
    for (let number = 1; number <= maxPages; number++) {
      const runs = yield* page("find", place, created, number)
      found.push(...runs.filter((run) => carries(run, query.dispatchId)))
      if (runs.length < pageSize) return oldestFirst(found.map(toObserved))
    }
    if (found.length > 0) return oldestFirst(found.map(toObserved))
    return yield* fail({ name: "find" }, [
      { _tag: "Unavailable", delivery: "unknown" },
      `${place.owner}/${place.repo} had more than ${maxPages * pageSize} runs since the dispatch, and it is not among the newest of them. Nothing is concluded from that; look for it on the repository's Actions page.`
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
        Effect.catchIf(
          ({ reason }) => reason._tag === "NotFound",
          () => Effect.succeed([])
        )
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
      return yield* fail({ name: "stop" }, [
        { _tag: "Rejected", undeclaredInputs: [] },
        `GitHub was not asked to stop the machine ${run.machineId}: it runs on Fly. Nothing was changed.`
      ])
    }
    yield* client.ask({
      name: "stop",
      to: `${force ? "force the cancellation of" : "cancel"} the run ${run.id} of ${owner}/${repo}`,
      unanswered: "Whether it was done is not known; asking again is safe.",
      operation: force ? "actions/force-cancel-workflow-run" : "actions/cancel-workflow-run",
      repository: { owner, repo },
      parameters: { run_id: run.id },
      // The run has ended already.
      also: [409],
      body: Schema.Unknown
    })
  })

  return { find, list, stop }
}
