import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { logAndContinue, singletonLoop } from "../../platform/loops.ts"
import { AppConfig } from "../../platform/Config.ts"
import { Lifecycle } from "../lifecycle/Lifecycle.ts"
import { ReaperRepo } from "./ReaperRepo.ts"
import { machineReaped } from "./reaperEvents.ts"
import { reapDecision } from "./reapDecision.ts"
import { MachineRuns, type ObservedRun } from "../../upstreams/RunBackends.ts"
import { Settings } from "../../admin/Settings.ts"

const interval = Duration.minutes(1)

const reapMachine = Effect.fnUntraced(function* (
  app: string,
  machine: ObservedRun,
  decision: Exclude<ReturnType<typeof reapDecision>, { readonly _tag: "Leave" }>
) {
  const repo = yield* ReaperRepo
  const machines = yield* MachineRuns
  const lifecycle = yield* Lifecycle
  const { REAPER_DRY_RUN: dryRun } = yield* AppConfig
  const { dispatchId, run } = machine
  if (run.kind !== "fly" || dispatchId === null) return
  const { reason } = decision
  const action = { app, machineId: run.machineId, dispatchId, reason, dryRun }
  const event = machineReaped(action)
  if (yield* repo.record(action, event)) yield* Effect.logWarning(event.message)
  if (dryRun) return
  if (decision._tag === "Stop") {
    const message = `The reaper stops the run, because its machine is ${reason}`
    yield* lifecycle.stop(dispatchId, { by: "the reaper", reason: "deadline", message })
  }
  yield* machines.stop({ place: { kind: "fly", app }, run, force: true })
})

const reapApp = Effect.fn("Reaper.app")(function* (app: string) {
  const repo = yield* ReaperRepo
  const machines = yield* MachineRuns
  const since = yield* DateTime.now
  const found = yield* machines.list({ place: { kind: "fly", app }, since, runs: [] })
  const ids = found.flatMap(({ dispatchId }) => dispatchId ?? [])
  const dispatches = new Map((yield* repo.dispatches(ids)).map((dispatch) => [dispatch.id, dispatch]))
  const now = yield* DateTime.now
  for (const machine of found) {
    const decision = reapDecision(machine, dispatches.get(machine.dispatchId ?? "") ?? null, now)
    if (decision._tag === "Leave") continue
    yield* reapMachine(app, machine, decision).pipe(
      Effect.catch((error) => Effect.logWarning(`The reaper retries in a minute: ${error.message}`))
    )
  }
})

/** Destroys machines that no live dispatch needs and records why; with REAPER_DRY_RUN it only records. */
export const reap = Effect.fn("Reaper.reap")(function* () {
  const { FLY_SESSIONS_TOKEN: token } = yield* AppConfig
  if (token === null) return
  const repo = yield* ReaperRepo
  const { flySessionsApp } = yield* (yield* Settings).state
  const apps = new Set([...(yield* repo.apps), flySessionsApp.runtimeValue])
  for (const app of apps) {
    if (app === null) continue
    yield* reapApp(app).pipe(
      Effect.catch((error) => Effect.logWarning(`The reaper skipped ${app}: ${error.message}`)),
      logAndContinue(`The reaper skipped ${app}`)
    )
  }
})

export const layer = singletonLoop("reaper", "The reaper", reap(), interval)
