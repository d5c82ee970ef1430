import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { AppConfig } from "../../platform/Config.ts"
import { Fly } from "../../upstreams/fly/Fly.ts"
import { Instance } from "../../admin/Instance.ts"
import { type MachineLaunch, MachineRuns, type ObservedRun } from "../../upstreams/RunBackends.ts"
import { MachinesRepo } from "../dispatches/MachinesRepo.ts"
import { MachineSecretsRepo } from "./MachineSecretsRepo.ts"
import { isNotFound, type UpstreamError } from "../../upstreams/UpstreamError.ts"
import { imageMissing } from "../../upstreams/fly/errors.ts"
import { type Machine, runOf } from "../../upstreams/fly/machine.ts"
import { DispatchId, StoredDispatchId } from "../../domain/Ids.ts"

/** Metadata that names a machine's orchestrator and dispatch. */
export const metadataNames = {
  orchestrator: "ai_implement_orchestrator",
  dispatch: "ai_implement_dispatch",
  issue: "ai_implement_issue",
  repository: "ai_implement_repository"
} as const

/** One name for each dispatch: Fly refuses a second machine with the same name. */
export const machineName = (dispatchId: DispatchId) => `ai-implement-${dispatchId}`

export const dispatchOf = ({ metadata }: Pick<Machine, "metadata">) => {
  const id = metadata[metadataNames.dispatch]?.toLowerCase()
  return id === undefined ? null : StoredDispatchId.make(id)
}

const stateOf = (state: string): ObservedRun["state"] => {
  switch (state) {
    case "created":
    case "starting":
      return "queued"
    case "stopped":
    case "failed":
    case "destroying":
    case "destroyed":
      return "completed"
  }
  return "running"
}

const conclusionOf = ({ exit, state }: Machine): ObservedRun["conclusion"] => {
  if (exit === null) return state === "failed" ? "never_started" : "cancelled"
  if (exit.requested) return "cancelled"
  return exit.code === 0 && !exit.oomKilled ? "success" : "failure"
}

const detailOf = ({ exit, state }: Machine) => {
  if (exit === null) return state === "failed" ? "the machine failed; check its image and events" : null
  if (exit.oomKilled) return "the machine ran out of memory"
  return exit.code === null || exit.code === 0 ? null : `the machine ended with exit code ${exit.code}`
}

const observedOf = (app: string, machine: Machine, now: DateTime.Utc): ObservedRun => {
  const state = stateOf(machine.state)
  const ended = state === "completed"
  return {
    run: runOf(app, machine),
    dispatchId: dispatchOf(machine),
    state,
    conclusion: ended ? conclusionOf(machine) : null,
    detail: ended ? detailOf(machine) : null,
    createdAt: machine.createdAt ?? now,
    startedAt: machine.startedAt
  }
}

const isReserved = (variable: string) => variable.toUpperCase().startsWith("AI_IMPLEMENT_")

const environmentOf = (request: MachineLaunch, inherited: Readonly<Record<string, string>>) => ({
  ...inherited,
  ...request.extraEnv,
  AI_IMPLEMENT_URL: request.callbackUrl ?? "",
  AI_IMPLEMENT_DISPATCH_ID: request.dispatchId,
  AI_IMPLEMENT_TOKEN: Redacted.value(request.credential)
})

/** Fly Machines as a run backend: one machine for each dispatch. */
export const layer = Layer.effect(
  MachineRuns,
  Effect.gen(function* () {
    const fly = yield* Fly
    const instance = yield* Instance
    const secrets = yield* MachineSecretsRepo
    const view = yield* MachinesRepo
    const config = yield* AppConfig
    const inherited = ["ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"] as const

    const launch = Effect.fn("FlyRuns.launch")(function* (request: MachineLaunch) {
      const { app, cpus, dispatchId, memoryMb, proceed, region, teamKey } = request
      const image = config.SESSION_IMAGE
      if (image === null) return yield* imageMissing("create")
      const given = yield* secrets.of(app, teamKey)
      const allowed = given.secrets.filter(({ variable }) => !isReserved(variable))
      const own = inherited.flatMap((name) => {
        const value = config[name]
        const replaced = allowed.some(({ variable }) => variable === name)
        return value === null || replaced ? [] : [[name, Redacted.value(value)] as const]
      })
      const machine = yield* fly.create({
        app,
        name: machineName(dispatchId),
        region,
        image,
        cpus,
        memoryMb,
        autoDestroy: false,
        env: environmentOf(request, Object.fromEntries(own)),
        metadata: {
          [metadataNames.orchestrator]: yield* instance.orchestratorId,
          [metadataNames.dispatch]: dispatchId,
          [metadataNames.issue]: request.issueIdentifier,
          [metadataNames.repository]: `${request.owner}/${request.repo}`
        },
        secrets: allowed,
        minSecretsVersion: given.version,
        proceed
      })
      return machine && runOf(app, machine)
    })

    const owned = Effect.fnUntraced(function* (app: string) {
      const id = yield* instance.orchestratorId
      const machines = yield* fly
        .list(app)
        .pipe(
          Effect.tapError(({ reason }) => (reason._tag === "NotFound" ? view.upsert(app, []) : Effect.void))
        )
      const own = machines.filter(({ metadata }) => metadata[metadataNames.orchestrator] === id)
      yield* view.upsert(
        app,
        own.map((machine) => ({ machine, dispatchId: dispatchOf(machine) }))
      )
      return own
    })

    const one = (app: string, id: string): Effect.Effect<ReadonlyArray<Machine>, UpstreamError> =>
      fly.get({ app, id }).pipe(
        Effect.map((machine) => [machine]),
        Effect.catchIf(isNotFound, () => Effect.succeed([]))
      )

    return MachineRuns.of({
      launch,
      find: Effect.fn("FlyRuns.find")(function* ({ dispatchId, place: { app } }) {
        const now = yield* DateTime.now
        const found = (yield* fly.list(app)).filter((machine) => dispatchOf(machine) === dispatchId)
        return found
          .map((machine) => observedOf(app, machine, now))
          .toSorted((a, b) => DateTime.Order(a.createdAt, b.createdAt))
      }),
      list: Effect.fn("FlyRuns.list")(function* ({ place: { app }, runs }) {
        const now = yield* DateTime.now
        const listed = yield* owned(app)
        const known = runs.flatMap((run) => (run.kind === "fly" ? run.machineId : []))
        const missing = known.filter((machineId) => !listed.some(({ id }) => id === machineId))
        const others = yield* Effect.forEach(missing, (id) => one(app, id), { concurrency: 5 })
        // A machine on a host that cannot be reached has no metadata: its id says that it is ours.
        return [...listed, ...others.flat()]
          .filter((machine) => dispatchOf(machine) !== null || known.some((id) => id === machine.id))
          .map((machine) => observedOf(app, machine, now))
          .toSorted((a, b) => DateTime.Order(a.createdAt, b.createdAt))
      }),
      stop: Effect.fn("FlyRuns.stop")(function* ({ place: { app }, run }) {
        if (run.kind === "fly") yield* fly.destroy({ app, id: run.machineId })
      }),
      cancellation: () => Effect.succeed(null),
      probe: Effect.fn("FlyRuns.probe")(function* ({ app }) {
        yield* fly.list(app)
      })
    })
  })
)
