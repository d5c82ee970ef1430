import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as PubSub from "effect/PubSub"
import type { Config } from "./config.ts"
import {
  type App,
  type Event,
  longIdOf,
  type Machine,
  machineIdOf,
  type MachineState,
  type State
} from "./State.ts"

export interface NewMachine {
  readonly app: App
  readonly name: string | undefined
  readonly region: string
  readonly config: Config
  readonly given: Readonly<Record<string, unknown>>
  readonly createdAt?: number
}

export interface Exit {
  readonly code: number
  readonly oomKilled?: boolean
}

const words = ["bitter", "calm", "dawn", "green", "late", "quiet", "still", "young"]
const nameOf = (number: number) => `${words[number % words.length]}-${number % 10_000}`

const restarts = ({ config: { restart }, restarts }: Machine, { code }: Exit) => {
  const { policy = "on-failure", max_retries = 10 } = restart ?? {}
  return policy === "always" || (policy === "on-failure" && code !== 0 && restarts < max_retries)
}

/** Machines as Fly moves them: created, starting, started, stopping, stopped, destroying, destroyed; or failed. */
export const makeMachines = Effect.fnUntraced(function* (state: State) {
  const fork = yield* FiberSet.makeRuntime()

  const later = (millis: number, step: Effect.Effect<void>) =>
    Effect.sync(() => {
      if (millis !== Infinity) fork(Effect.delay(step, millis))
    })

  const move = Effect.fnUntraced(function* (
    machine: Machine,
    to: MachineState,
    event: Pick<Event, "type" | "source" | "request">
  ) {
    const now = yield* Clock.currentTimeMillis
    machine.state = to
    machine.updatedAt = now
    machine.events.unshift({ id: longIdOf(state.nextId++), status: to, timestamp: now, ...event })
    yield* PubSub.publish(state.changes, { machine, state: to })
  })

  const from = (machine: Machine, ...states: ReadonlyArray<MachineState>) => states.includes(machine.state)

  const start = Effect.fnUntraced(function* (machine: Machine) {
    if (from(machine, "created", "starting", "stopped")) {
      yield* move(machine, "started", { type: "start", source: "flyd" })
    }
  })

  const boot = (machine: Machine) =>
    later(
      state.startDelay / 2,
      Effect.gen(function* () {
        if (!from(machine, "created", "stopped")) return
        yield* move(machine, "starting", { type: "start", source: "flyd" })
        yield* later(state.startDelay / 2, start(machine))
      })
    )

  const create = Effect.fnUntraced(function* ({ createdAt, ...wanted }: NewMachine) {
    const now = createdAt ?? (yield* Clock.currentTimeMillis)
    const number = state.nextId++
    const machine: Machine = {
      ...wanted,
      id: machineIdOf(number),
      instanceId: longIdOf(number),
      name: wanted.name ?? nameOf(number),
      privateIp: `fdaa:0:1:a7b:${(number % 65_536).toString(16)}:2`,
      secrets: new Map([...wanted.app.secrets.values()].map(({ name, value }) => [name, value])),
      createdAt: now,
      updatedAt: now,
      events: [],
      state: "created",
      restarts: 0
    }
    state.machines.set(machine.id, machine)
    yield* move(machine, "created", { type: "launch", source: "user" })
    yield* boot(machine)
    return machine
  })

  const destroy = Effect.fnUntraced(function* (machine: Machine, source: Event["source"] = "user") {
    if (from(machine, "destroying", "destroyed")) return
    yield* move(machine, "destroying", { type: "destroy", source })
    yield* later(state.destroyDelay, move(machine, "destroyed", { type: "destroy", source: "flyd" }))
  })

  const exited = Effect.fnUntraced(function* (machine: Machine, exit: Exit, requested: boolean) {
    const restarting = !requested && restarts(machine, exit)
    const now = yield* Clock.currentTimeMillis
    const exit_event = {
      exit_code: exit.code,
      exited_at: DateTime.formatIso(DateTime.makeUnsafe(now)),
      guest_exit_code: exit.code,
      guest_signal: -1,
      oom_killed: exit.oomKilled === true,
      requested_stop: requested,
      restarting,
      signal: -1
    }
    const request = { exit_event, restart_count: machine.restarts }
    yield* move(machine, "stopped", { type: "exit", source: "flyd", request })
    if (restarting) {
      machine.restarts += 1
      yield* boot(machine)
    } else if (machine.config.auto_destroy === true) yield* destroy(machine, "flyd")
  })

  const exit = Effect.fnUntraced(function* (machine: Machine, exit: Exit) {
    if (from(machine, "started", "stopping")) yield* exited(machine, exit, machine.state === "stopping")
  })

  const stop = Effect.fnUntraced(function* (machine: Machine) {
    if (!from(machine, "started")) return
    yield* move(machine, "stopping", { type: "stop", source: "user" })
    yield* later(
      state.stopDelay,
      Effect.suspend(() => (from(machine, "stopping") ? exited(machine, { code: 0 }, true) : Effect.void))
    )
  })

  const fail = Effect.fnUntraced(function* (machine: Machine) {
    if (from(machine, "created", "starting"))
      yield* move(machine, "failed", { type: "start", source: "flyd" })
  })

  return { create, start, exit, stop, fail, destroy }
})

export type Machines = Effect.Success<ReturnType<typeof makeMachines>>
