import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { withRetry } from "../client/call.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { heldBack, isNameTaken, timedOut } from "./errors.ts"
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
  /** Of the app's secrets only these: the secret's name, and the variable it becomes. */
  readonly secrets: ReadonlyArray<{ readonly name: string; readonly variable: string }>
  /** The version of the app's secrets that it must at least see. */
  readonly minSecretsVersion: number | null
  /** Asked when its turn has come and the request would leave now; `false` means it does not (`not_sent`). */
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

export const makeMachines = (
  transport: Transport,
  turn: (app: string) => Effect.Effect<void>,
  timeout: Duration.Duration,
  launchTimeout: Duration.Duration
) => ({
  create: Effect.fn("Fly.create")(function* (request: CreateRequest) {
    const { app, minSecretsVersion, name, region } = request
    const asked = {
      name: "create",
      to: `create the machine ${name} in ${app}`,
      absent: absentApp(app),
      given: Object.values(request.env),
      unanswered: "Whether the machine was made is not known; it is looked up before anything is sent again."
    }
    yield* turn(app)
    if (!(yield* request.proceed)) return yield* heldBack(asked)
    const made = yield* transport({
      ...asked,
      operation: "Machines_create",
      path: { app_name: app },
      payload: {
        name,
        ...(region !== null && { region }),
        ...(minSecretsVersion !== null && { min_secrets_version: minSecretsVersion }),
        config: configOf(request)
      },
      timeout: launchTimeout,
      answer: MachineAnswer,
      also: (failure) => (isNameTaken(failure) ? null : undefined)
    })
    return made && toMachine(made)
  }),

  list: Effect.fn("Fly.list")(function* (app: string) {
    const asked = { name: "list", to: `list the machines of ${app}`, absent: absentApp(app) }
    const found = yield* transport({
      ...asked,
      operation: "Machines_list",
      path: { app_name: app },
      timeout,
      answer: Schema.NullOr(Schema.Array(MachineAnswer))
    }).pipe(withRetry(() => timedOut(asked, timeout)))
    return (found ?? []).map(toMachine)
  }),

  get: Effect.fn("Fly.get")(function* ({ app, id }: MachineId) {
    const asked = { name: "get", to: `show the machine ${id} of ${app}` }
    const found = yield* transport({
      ...asked,
      operation: "Machines_show",
      path: { app_name: app, machine_id: id },
      timeout,
      answer: MachineAnswer
    }).pipe(withRetry(() => timedOut(asked, timeout)))
    return toMachine(found)
  }),

  destroy: Effect.fn("Fly.destroy")(function* ({
    app,
    id
  }: MachineId): Effect.fn.Return<void, UpstreamError> {
    const asked = { name: "destroy", to: `destroy the machine ${id} of ${app}` }
    yield* transport({
      ...asked,
      operation: "Machines_delete",
      path: { app_name: app, machine_id: id },
      query: { force: "true" },
      timeout,
      answer: Schema.Unknown,
      also: ({ status }) => (status === 404 ? "gone" : undefined)
    }).pipe(withRetry(() => timedOut(asked, timeout)))
  })
})

export interface MachineId {
  readonly app: string
  readonly id: string
}
