import * as Effect from "effect/Effect"
import { invalid, notFound, precondition } from "../errors.ts"
import { renderSecret } from "../render.ts"
import { type App, putSecrets } from "../State.ts"
import { appOf, type UpstreamCall, type Handler, textOf } from "./Handler.ts"

const isShown = ({ parameters }: UpstreamCall) => parameters["show_secrets"] === true

const appWithVersion = Effect.fnUntraced(function* (call: UpstreamCall) {
  const app = yield* appOf(call)
  const wanted = Number(textOf(call, "min_version") ?? 0)
  if (!(wanted <= app.secretsVersion)) return yield* precondition(`secrets have no version ${wanted} yet`)
  return app
})

const list = ({ secrets }: App, shown: boolean) =>
  [...secrets.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((secret) => renderSecret(secret, shown))

export const secrets = {
  Secrets_list: Effect.fnUntraced(function* (call) {
    return { status: 200, body: { secrets: list(yield* appWithVersion(call), isShown(call)) } }
  }),
  Secrets_update: Effect.fnUntraced(function* (call) {
    const app = yield* appOf(call)
    const values = Object.entries(call.body["values"] ?? {}).map(([name, value]) => [
      name,
      value === null ? null : String(value)
    ])
    const wrong = values.find(([name]) => !/^[A-Za-z_]\w*$/.test(String(name)))
    if (wrong !== undefined) return yield* invalid(`invalid secret name: ${String(wrong[0])}`)
    const version = putSecrets(app, Object.fromEntries(values), call.now)
    return { status: 200, body: { secrets: list(app, false), version, Version: version } }
  }),
  Secret_get: Effect.fnUntraced(function* (call) {
    const secret = (yield* appWithVersion(call)).secrets.get(textOf(call, "secret_name") ?? "")
    if (secret === undefined) return yield* notFound("secret")
    return { status: 200, body: renderSecret(secret, isShown(call)) }
  }),
  Secret_delete: Effect.fnUntraced(function* (call) {
    const app = yield* appOf(call)
    const name = textOf(call, "secret_name") ?? ""
    if (!app.secrets.has(name)) return yield* notFound("secret")
    const version = putSecrets(app, { [name]: null }, call.now)
    return { status: 200, body: { version, Version: version } }
  })
} satisfies Record<string, Handler>
