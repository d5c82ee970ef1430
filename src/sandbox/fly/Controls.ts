import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"
import { environmentOf } from "./environment.ts"
import type { Platform } from "./handlers/Handler.ts"
import type { Exit } from "./Machines.ts"
import { type App, type Change, type Machine, machinesOf, putApp } from "./State.ts"

/** A machine that the local Fly does not have. */
export class Unknown extends Data.TaggedError("Unknown")<{ readonly message: string }> {}

export interface ForeignMachine {
  readonly app: string
  readonly name: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly image?: string
  readonly env?: Readonly<Record<string, string>>
  readonly age?: number
}

export interface Controls {
  readonly machines: (app?: string) => ReadonlyArray<Machine>
  readonly findMachine: (id: string) => Machine | undefined
  readonly changes: Stream.Stream<Change>
  readonly startMachine: (id: string) => Effect.Effect<Machine, Unknown>
  /** Ends its main process; its restart policy and auto_destroy decide what follows. */
  readonly exitMachine: (id: string, exit: Exit) => Effect.Effect<Machine, Unknown>
  readonly failMachine: (id: string) => Effect.Effect<Machine, Unknown>
  readonly setReachable: (id: string, reachable: boolean) => Effect.Effect<Machine, Unknown>
  readonly vanish: (id: string) => Effect.Effect<void, Unknown>
  /** The environment of its first process, secrets included. */
  readonly environmentOf: (id: string) => Effect.Effect<Readonly<Record<string, string>>, Unknown>
  readonly putApp: (name: string) => App
  readonly removeApp: (name: string) => void
  readonly putMachine: (machine: ForeignMachine) => Effect.Effect<Machine>
  readonly setRateLimits: (on: boolean) => void
  /** From created to started; Infinity for a machine that waits for `startMachine`. */
  readonly setStartDelay: (millis: number) => void
  readonly setStopDelay: (millis: number) => void
  /** From a destroy to its end; Infinity for one that never ends. */
  readonly setDestroyDelay: (millis: number) => void
  readonly revokeTokens: () => void
}

export const makeControls = ({ auth, limits, machines, state }: Platform): Controls => {
  const machineOf = Effect.fnUntraced(function* (id: string) {
    return state.machines.get(id) ?? (yield* new Unknown({ message: `There is no machine ${id}.` }))
  })

  return {
    machines: (name) => {
      if (name === undefined) return [...state.machines.values()]
      const app = state.apps.get(name)
      return app === undefined ? [] : machinesOf(state, app)
    },
    findMachine: (id) => state.machines.get(id),
    changes: Stream.fromPubSub(state.changes),
    startMachine: (id) => Effect.tap(machineOf(id), machines.start),
    exitMachine: (id, exit) => Effect.tap(machineOf(id), (machine) => machines.exit(machine, exit)),
    failMachine: (id) => Effect.tap(machineOf(id), machines.fail),
    setReachable: (id, reachable) =>
      Effect.tap(machineOf(id), (machine) => Effect.sync(() => (machine.unreachable = !reachable))),
    vanish: Effect.fnUntraced(function* (id) {
      const machine = yield* machineOf(id)
      state.machines.delete(id)
      const change: Change = { machine, state: "destroyed" }
      yield* PubSub.publish(state.changes, change)
    }),
    environmentOf: (id) => Effect.map(machineOf(id), environmentOf),
    putApp: (name) => putApp(state, name),
    removeApp: (name) => {
      for (const { app, id } of state.machines.values()) if (app.name === name) state.machines.delete(id)
      state.apps.delete(name)
    },
    putMachine: Effect.fnUntraced(function* ({
      age = 0,
      app,
      env = {},
      image = "someone/else",
      metadata = {},
      name
    }) {
      const createdAt = (yield* Clock.currentTimeMillis) - age
      const config = { image, env, metadata }
      const wanted = { app: putApp(state, app), name, region: "iad", config, given: config, createdAt }
      return yield* Effect.tap(machines.create(wanted), machines.start)
    }),
    setRateLimits: limits.set,
    setStartDelay: (millis) => void (state.startDelay = millis),
    setStopDelay: (millis) => void (state.stopDelay = millis),
    setDestroyDelay: (millis) => void (state.destroyDelay = millis),
    revokeTokens: auth.revoke
  }
}
