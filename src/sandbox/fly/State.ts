import type * as PubSub from "effect/PubSub"
import { createHash } from "node:crypto"
import type { Config } from "./config.ts"

export interface Secret {
  readonly name: string
  readonly value: string
  readonly digest: string
  readonly createdAt: number
  updatedAt: number
}

export interface App {
  readonly id: string
  readonly number: number
  readonly name: string
  readonly organization: string
  readonly secrets: Map<string, Secret>
  /** Of the last change to its secrets; 0 before the first. */
  secretsVersion: number
}

export type MachineState =
  | "created"
  | "starting"
  | "started"
  | "stopping"
  | "stopped"
  | "failed"
  | "destroying"
  | "destroyed"

export interface Event {
  readonly id: string
  readonly type: "launch" | "start" | "stop" | "exit" | "destroy"
  readonly status: MachineState
  readonly source: "user" | "flyd"
  readonly timestamp: number
  readonly request?: object
}

export interface Machine {
  readonly id: string
  readonly instanceId: string
  readonly app: App
  readonly name: string
  readonly region: string
  readonly privateIp: string
  readonly config: Config
  readonly given: Readonly<Record<string, unknown>>
  readonly secrets: ReadonlyMap<string, string>
  readonly createdAt: number
  readonly events: Array<Event>
  updatedAt: number
  state: MachineState
  restarts: number
  unreachable?: boolean
}

export interface Change {
  readonly machine: Machine
  readonly state: MachineState
}

export interface State {
  readonly apps: Map<string, App>
  readonly machines: Map<string, Machine>
  readonly changes: PubSub.PubSub<Change>
  nextId: number
  /** Milliseconds from created to started, from a stop to its exit, from a destroy to its end; Infinity for never. */
  startDelay: number
  stopDelay: number
  destroyDelay: number
}

export const digestOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16)

export const machineIdOf = (number: number) => number.toString(16).padStart(14, "1")

export const longIdOf = (number: number) => `01${number.toString(32).toUpperCase().padStart(24, "0")}`

export const putApp = (state: State, name: string, organization = "personal"): App => {
  const known = state.apps.get(name)
  if (known !== undefined) return known
  const number = state.nextId++
  const app = { id: digestOf(name), number, name, organization, secrets: new Map(), secretsVersion: 0 }
  state.apps.set(name, app)
  return app
}

export const putSecrets = (app: App, values: Readonly<Record<string, string | null>>, now: number) => {
  for (const [name, value] of Object.entries(values)) {
    const before = app.secrets.get(name)
    if (value === null) app.secrets.delete(name)
    else {
      const createdAt = before?.createdAt ?? now
      app.secrets.set(name, { name, value, digest: digestOf(value), createdAt, updatedAt: now })
    }
  }
  app.secretsVersion += 1
  return app.secretsVersion
}

export const machinesOf = (state: State, app: App) =>
  [...state.machines.values()].filter((machine) => machine.app === app)

export const isGone = ({ state }: Machine) => state === "destroyed"
