import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import { makeAuth, type TokenOptions } from "./fly/Auth.ts"
import { contract } from "./fly/Contract.ts"
import { controlRoutes } from "./fly/controlRoutes.ts"
import { type Controls, makeControls } from "./fly/Controls.ts"
import { makeHandler } from "./fly/handle.ts"
import { makeMachines } from "./fly/Machines.ts"
import { makeRateLimit } from "./fly/RateLimit.ts"
import { type Change, putApp, type State } from "./fly/State.ts"
import { serve, type Upstream } from "./Upstream.ts"

export type { TokenOptions } from "./fly/Auth.ts"
export type { Controls } from "./fly/Controls.ts"
export type { Exit } from "./fly/Machines.ts"

export interface Options {
  readonly port?: number
  /** The speed of starts, stops and deletions; 1 is realistic. */
  readonly speed?: number
  readonly tokens: ReadonlyArray<TokenOptions>
  readonly apps: ReadonlyArray<string>
  readonly start?: "auto" | "manual"
  /** Fly's limits of requests a second; on when absent. */
  readonly rateLimits?: boolean
}

export interface LocalFly extends Upstream, Controls {
  readonly apiUrl: string
}

const make = Effect.fn("Fly.make")(function* (
  options: Options
): Effect.fn.Return<LocalFly, never, Scope.Scope> {
  const speed = options.speed ?? 1
  const state: State = {
    apps: new Map(),
    machines: new Map(),
    changes: yield* PubSub.unbounded<Change>(),
    // Ids of an earlier start are never reused: a database may contain them.
    nextId: yield* Clock.currentTimeMillis,
    startDelay: options.start === "manual" ? Infinity : 2000 / speed,
    stopDelay: 1000 / speed,
    destroyDelay: 1000 / speed
  }
  for (const name of options.apps) putApp(state, name)
  const machines = yield* makeMachines(state)
  const limits = makeRateLimit(options.rateLimits ?? true)
  const platform = { state, machines, limits, auth: makeAuth(options.tokens) }
  const controls = makeControls(platform)
  const upstream = yield* serve({
    name: "Fly",
    port: options.port,
    operationOf: (request) => contract.match(request)?.operation ?? null,
    handler: makeHandler(platform),
    control: controlRoutes(controls)
  })
  return { ...upstream, ...controls, apiUrl: `${upstream.url}/v1` }
})

/** Fly's Machines API on this machine: its types, tokens and limits, and machines with their states. */
export class Fly extends Context.Service<Fly, LocalFly>()("ai-implement/sandbox/Fly") {
  static readonly make = make
  static readonly layer = (options: Options) => Layer.effect(Fly, make(options))
}
