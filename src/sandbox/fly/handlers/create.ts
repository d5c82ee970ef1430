import * as Effect from "effect/Effect"
import { readConfig } from "../config.ts"
import { invalid, precondition, Refused, unmodelled } from "../errors.ts"
import { renderMachine } from "../render.ts"
import { isGone, machinesOf } from "../State.ts"
import { appOf, type Handler } from "./Handler.ts"

const ignored = ["lease_ttl", "skip_launch", "skip_secrets"]

const regions = "ams arn bom cdg dfw ewr fra gru iad jnb lax lhr nrt ord sin sjc syd yyz".split(" ")

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

export const create: Handler = Effect.fnUntraced(function* (call) {
  const { body, machines, state } = call
  const app = yield* appOf(call)
  const beyond = ignored.find((key) => key in body)
  if (beyond !== undefined) return yield* unmodelled(beyond)
  const given = body["config"]
  if (!isObject(given)) return yield* invalid("config is required")
  const config = yield* readConfig(given)
  const region = String(body["region"] ?? "iad")
  if (!regions.includes(region)) return yield* invalid(`region ${region} not found`)
  const name = body["name"] === undefined ? undefined : String(body["name"])
  if (name !== undefined && !/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
    return yield* invalid("name must be 1 to 63 numbers, lowercase letters and dashes")
  }
  const taken = machinesOf(state, app).find((machine) => machine.name === name && !isGone(machine))
  if (taken !== undefined) {
    return yield* new Refused({
      status: 422,
      message: `already_exists: unique machine name violation, machine ID ${taken.id} already exists with name "${taken.name}"`
    })
  }
  const version = Number(body["min_secrets_version"] ?? 0)
  if (version > app.secretsVersion) return yield* precondition(`secrets have no version ${version} yet`)
  const listed = (config.processes ?? []).flatMap(({ secrets = [] }) => secrets)
  const missing = listed.find((secret) => !app.secrets.has(secret.name ?? secret.env_var))
  if (missing !== undefined) return yield* invalid(`secret ${missing.name ?? missing.env_var} not found`)
  const machine = yield* machines.create({ app, name, region, config, given })
  return { status: 200, body: renderMachine(machine) }
})
