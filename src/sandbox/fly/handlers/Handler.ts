import * as Effect from "effect/Effect"
import type { Response } from "../../Upstream.ts"
import type { Parameters } from "../../Upstream/Contract.ts"
import type { Auth } from "../Auth.ts"
import { notFound, type Refused } from "../errors.ts"
import type { Machines } from "../Machines.ts"
import type { RateLimit } from "../RateLimit.ts"
import type { State } from "../State.ts"

export interface Platform {
  readonly state: State
  readonly machines: Machines
  readonly auth: Auth
  readonly limits: RateLimit
}

export interface UpstreamCall extends Platform {
  readonly now: number
  readonly parameters: Parameters
  readonly body: Readonly<Record<string, unknown>>
}

export type Handler = (call: UpstreamCall) => Effect.Effect<Response, Refused>

export const textOf = ({ parameters }: UpstreamCall, name: string) => {
  const value = parameters[name]
  return value === undefined ? undefined : String(value)
}

export const appOf = Effect.fnUntraced(function* (call: UpstreamCall) {
  return call.state.apps.get(textOf(call, "app_name") ?? "") ?? (yield* notFound("app"))
})

export const machineOf = Effect.fnUntraced(function* (call: UpstreamCall) {
  const app = yield* appOf(call)
  const machine = call.state.machines.get(textOf(call, "machine_id") ?? "")
  return machine?.app === app ? machine : yield* notFound("machine")
})
