import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import {
  type Cancelled,
  type Change,
  type Conclusion,
  type Repository,
  type Run,
  type State,
  emit,
  type Workflow
} from "./State.ts"

const titleOf = (workflow: Workflow, inputs: Readonly<Record<string, string>>) =>
  inputs["dispatch_id"]
    ? `${inputs["issue_identifier"] ?? ""} ${inputs["dispatch_id"]}`.trim()
    : workflow.name

/** Workflow runs as GitHub moves them: pending behind their concurrency group, queued, in progress, completed. */
export const makeRuns = Effect.fnUntraced(function* (state: State) {
  const fork = yield* FiberSet.makeRuntime()

  const announce = (run: Run, action: (Change & { readonly _tag: "run" })["action"]) =>
    emit(state, { _tag: "run", action, run })

  const ofGroup = (group: string | null, ...statuses: ReadonlyArray<Run["status"]>) =>
    group === null ? [] : state.runs.filter((run) => run.group === group && statuses.includes(run.status))

  const finish = Effect.fnUntraced(function* (
    run: Run,
    conclusion: Conclusion,
    cancelled: Cancelled | null = null
  ) {
    if (run.status === "completed") return
    const now = yield* Clock.currentTimeMillis
    const startedAt = run.startedAt ?? now
    Object.assign(run, { status: "completed", conclusion, cancelled, updatedAt: now, startedAt })
    announce(run, "completed")
    const [next] =
      ofGroup(run.group, "queued", "waiting", "in_progress").length > 0 ? [] : ofGroup(run.group, "pending")
    if (next === undefined) return
    Object.assign(next, { status: "queued", updatedAt: now })
    announce(next, "queued")
  })

  const dispatch = Effect.fnUntraced(function* (
    repository: Repository,
    workflow: Workflow,
    branch: string,
    inputs: Readonly<Record<string, string>>
  ) {
    const now = yield* Clock.currentTimeMillis
    const group = inputs["issue_id"] ? `${repository.fullName}/${inputs["issue_id"]}` : null
    // Like GitHub, a group keeps one run waiting: a newer one takes its place.
    for (const waiting of ofGroup(group, "pending")) yield* finish(waiting, "cancelled", "concurrency")
    const run: Run = {
      id: state.nextId++,
      number: state.runs.filter((other) => other.workflow.id === workflow.id).length + 1,
      repository,
      workflow,
      branch,
      headSha: repository.branches.get(branch) ?? "",
      displayTitle: titleOf(workflow, inputs),
      inputs,
      group,
      createdAt: now,
      startedAt: null,
      updatedAt: now,
      status: ofGroup(group, "queued", "waiting", "in_progress").length > 0 ? "pending" : "queued",
      conclusion: null,
      cancelRequested: false,
      cancelled: null
    }
    state.runs.push(run)
    announce(run, "requested")
    if (run.status === "queued") announce(run, "queued")
    return run
  })

  const start = Effect.fnUntraced(function* (run: Run) {
    if (run.status !== "queued" && run.status !== "waiting") return
    const now = yield* Clock.currentTimeMillis
    Object.assign(run, { status: "in_progress", startedAt: now, updatedAt: now })
    announce(run, "in_progress")
  })

  /** Between two jobs: for a runner (`queued`), an approval (`waiting`) or the concurrency group (`pending`). */
  const hold = Effect.fnUntraced(function* (
    run: Run,
    status: Exclude<Run["status"], "in_progress" | "completed">
  ) {
    if (run.status === "completed") return
    Object.assign(run, { status, updatedAt: yield* Clock.currentTimeMillis })
  })

  const cancel = (run: Run, by: string) =>
    Effect.sync(() => {
      run.cancelRequested = true
      if (state.cancelDelay === Infinity) return
      const before = Effect.suspend(() => state.beforeCancelled.get(run.id) ?? Effect.void)
      fork(
        Effect.all([Effect.sleep(state.cancelDelay), before], { concurrency: "unbounded" }).pipe(
          Effect.andThen(finish(run, "cancelled", { by }))
        )
      )
    })

  const forceCancel = (run: Run, by: string) => finish(run, "cancelled", { by })

  return { dispatch, start, hold, finish, cancel, forceCancel }
})

export type Runs = Effect.Success<ReturnType<typeof makeRuns>>
