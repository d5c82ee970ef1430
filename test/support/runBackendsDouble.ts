import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Run } from "../../src/domain/Dispatch.ts"
import { runOf } from "../../src/upstreams/fly/Fly.ts"
import {
  type Backend,
  type LaunchRequest,
  MachineRuns,
  type ObservedRun,
  type Place,
  RunBackends,
  WorkflowRuns
} from "../../src/upstreams/RunBackends.ts"
import { UpstreamError, type UpstreamReason } from "../../src/upstreams/UpstreamError.ts"
import type { DispatchId } from "../../src/domain/Ids.ts"

export interface Existing {
  readonly repositories: ReadonlyArray<string>
  readonly workflows: ReadonlyArray<string>
  readonly apps: ReadonlyArray<string>
}

type Held = { -readonly [Key in keyof ObservedRun]: ObservedRun[Key] } & { readonly place: string }

/** What happens at the backends in memory, outside our service. */
export class RunsDouble extends Context.Service<
  RunsDouble,
  {
    readonly runs: () => ReadonlyArray<ObservedRun>
    readonly start: (run: Run) => Effect.Effect<void>
    readonly finish: (run: Run, conclusion: ObservedRun["conclusion"], detail?: string) => Effect.Effect<void>
    /** A run that another orchestrator started. */
    readonly foreign: (place: Place) => Effect.Effect<void>
  }
>()("test/RunsDouble") {}

const keyOf = (run: Run) => (run.kind === "github" ? String(run.id) : run.machineId)
const nameOf = (place: Place) => (place.kind === "github" ? `${place.owner}/${place.repo}` : place.app)

const make = ({ apps, repositories, workflows }: Existing) => {
  const held: Array<Held> = []

  const fail = (kind: Run["kind"], operation: string, reason: UpstreamReason) =>
    Effect.fail(
      new UpstreamError({
        upstream: kind,
        operation,
        reason,
        message: `The ${kind} of this test did not ${operation}.`
      })
    )

  const isThere = (request: LaunchRequest) =>
    request.kind === "github"
      ? repositories.includes(nameOf(request)) && workflows.includes(request.workflowFile)
      : apps.includes(request.app)

  const put = Effect.fnUntraced(function* (place: Place, dispatchId: DispatchId | null) {
    const nth = held.length + 1
    const run: Run =
      place.kind === "github"
        ? { kind: "github", id: nth, url: `https://github.test/${nameOf(place)}/actions/runs/${nth}` }
        : runOf(place.app, { id: `machine-${nth}`, region: "ams" })
    const createdAt = yield* DateTime.now
    held.push({
      place: nameOf(place),
      run,
      dispatchId,
      state: "queued",
      conclusion: null,
      detail: null,
      createdAt,
      startedAt: null
    })
    return run
  })

  const update = (run: Run, change: (held: Held, now: DateTime.Utc) => void) =>
    Effect.map(DateTime.now, (now) => {
      for (const each of held)
        if (each.run.kind === run.kind && keyOf(each.run) === keyOf(run)) change(each, now)
    })

  const end = (run: Run, conclusion: ObservedRun["conclusion"], detail: string | null) =>
    update(run, (each, now) => {
      if (each.state === "completed") return
      Object.assign(each, { state: "completed", conclusion, detail, startedAt: each.startedAt ?? now })
    })

  const seen = (wanted: (each: Held) => boolean) =>
    Effect.sync(() => held.filter(wanted).map(({ place: _, ...observed }): ObservedRun => observed))

  const at = (place: Place) => (each: Held) => each.run.kind === place.kind && each.place === nameOf(place)

  const backend: Backend<Run["kind"]> = {
    launch: Effect.fnUntraced(function* (request) {
      if (!isThere(request)) return yield* fail(request.kind, "launch", { _tag: "NotFound" })
      if (!(yield* request.proceed)) {
        return yield* fail(request.kind, "launch", { _tag: "Unavailable", delivery: "not_sent" })
      }
      const carried = held.some((each) => each.run.kind === "fly" && each.dispatchId === request.dispatchId)
      return request.kind === "fly" && carried ? null : yield* put(request, request.dispatchId)
    }),
    find: ({ place, dispatchId }) => seen((each) => at(place)(each) && each.dispatchId === dispatchId),
    list: ({ place }) => seen(at(place)),
    stop: ({ run }) => end(run, "cancelled", null),
    cancellation: () => Effect.succeed(null),
    probe: () => Effect.void
  }

  const control = RunsDouble.of({
    runs: () => held,
    start: (run) =>
      update(run, (each, now) => {
        if (each.state === "queued") Object.assign(each, { state: "running", startedAt: now })
      }),
    finish: (run, conclusion, detail) => end(run, conclusion, detail ?? null),
    foreign: (place) => Effect.asVoid(put(place, null))
  })

  return Context.make(RunsDouble, control).pipe(
    Context.add(WorkflowRuns, { ...backend }),
    Context.add(MachineRuns, { ...backend })
  )
}

/** GitHub Actions and Fly Machines in memory, behind the one port. */
export const runsDouble = (existing: Existing) =>
  Layer.provideMerge(RunBackends.layer, Layer.effectContext(Effect.sync(() => make(existing))))
