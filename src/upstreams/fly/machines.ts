import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { UpstreamError } from "../UpstreamError.ts"
import { isGone, isNameTaken } from "./errors.ts"
import { MachineAnswer, toMachine } from "./machine.ts"
import type { Transport } from "./transport.ts"

export interface CreateRequest {
  readonly app: string
  readonly name: string
  /** `null`: Fly chooses. */
  readonly region: string | null
  readonly image: string
  readonly cpus: number
  readonly memoryMb: number
  readonly autoDestroy: boolean
  readonly env: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
  /** The secrets of the app that the machine receives: the secret's name, and its environment variable. */
  readonly secrets: ReadonlyArray<{ readonly name: string; readonly variable: string }>
  /** The minimum version of the app's secrets. */
  readonly minSecretsVersion: number | null
  /** Evaluated last, when the request is ready to be sent; `false` prevents it (`not_sent`). */
  readonly proceed: Effect.Effect<boolean>
}

const configOf = ({ autoDestroy, cpus, env, image, memoryMb, metadata, secrets }: CreateRequest) => ({
  image,
  guest: { cpu_kind: "shared", cpus, memory_mb: memoryMb },
  auto_destroy: autoDestroy,
  restart: { policy: "no" },
  env,
  metadata,
  processes: [
    { ignore_app_secrets: true, secrets: secrets.map(({ name, variable }) => ({ env_var: variable, name })) }
  ]
})

export const absentApp = (app: string) =>
  `there is no app ${app}, or the token may not see it; create it or correct FLY_SESSIONS_APP`

export const makeMachines = (transport: Transport, turn: (app: string) => Effect.Effect<void>) => ({
  create: Effect.fn("Fly.create")(function* (request: CreateRequest) {
    const { app, minSecretsVersion, name, proceed, region, secrets } = request
    yield* turn(app)
    const made = yield* transport.launch(
      {
        name: "create",
        to: `create the machine ${name} in ${app}`,
        absent: absentApp(app),
        unanswered:
          "Whether the machine was created is not known; it is looked up before anything is sent again.",
        values: [region ?? "", request.image, ...secrets.map(({ name }) => name)],
        given: Object.values(request.env),
        operation: "Machines_create",
        path: { app_name: app },
        payload: {
          name,
          ...(region !== null && { region }),
          ...(minSecretsVersion !== null && { min_secrets_version: minSecretsVersion }),
          config: configOf(request)
        },
        body: MachineAnswer,
        also: (answer) => (isNameTaken(answer) ? null : undefined)
      },
      proceed
    )
    return made && toMachine(made)
  }),

  list: Effect.fn("Fly.list")(function* (app: string) {
    const found = yield* transport.ask({
      name: "list",
      to: `list the machines of ${app}`,
      absent: absentApp(app),
      operation: "Machines_list",
      path: { app_name: app },
      body: Schema.NullOr(Schema.Array(MachineAnswer))
    })
    return (found ?? []).map(toMachine)
  }),

  get: Effect.fn("Fly.get")(function* ({ app, id }: MachineId) {
    const found = yield* transport.ask({
      name: "get",
      to: `show the machine ${id} of ${app}`,
      operation: "Machines_show",
      path: { app_name: app, machine_id: id },
      body: MachineAnswer
    })
    return toMachine(found)
  }),

  destroy: Effect.fn("Fly.destroy")(function* ({
    app,
    id
  }: MachineId): Effect.fn.Return<void, UpstreamError> {
    yield* transport.ask({
      name: "destroy",
      to: `destroy the machine ${id} of ${app}`,
      operation: "Machines_delete",
      path: { app_name: app, machine_id: id },
      query: { force: "true" },
      body: Schema.Unknown,
      also: isGone
    })
  })
})

export interface MachineId {
  readonly app: string
  readonly id: string
}
