import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as NetAddress from "effect/net/NetAddress"
import * as App from "../App.ts"
import { environment } from "../Config/environment.ts"
import { ApiClient } from "./ApiClient.ts"
import { credentials } from "./credentials.ts"
import { GitHub } from "./GitHub.ts"
import * as Linear from "./Linear.ts"
import { automationUserId, workspace } from "./linear/workspace.ts"
import { mappings, repositories } from "./repositories.ts"
import { emptyDatabase } from "./database.ts"

const given = Effect.gen(function* () {
  const env: Record<string, string> = {}
  for (const name of Object.keys(environment.fields)) {
    const value = yield* Config.String(name).pipe(Config.withDefault(""))
    if (value !== "") env[name] = value
  }
  return env
})

/** Local upstreams, a seeded workspace and the product itself, which knows only their addresses. */
export const demo = Effect.gen(function* () {
  const speed = yield* Config.Finite("SANDBOX_SPEED").pipe(Config.withDefault(1))
  const { accessCode, apiKey, appId, publicKey, privateKey } = credentials()
  const linear = yield* Linear.make({ apiKeys: [{ key: apiKey, userId: automationUserId }], seed: workspace })
  const github = yield* GitHub.make({
    speed,
    apps: [{ appId, key: publicKey }],
    repositories
  })
  const env: Record<string, string> = {
    PORT: "8080",
    HOST: "127.0.0.1",
    DATA_DIR: ".data/sandbox",
    ADMIN_ACCESS_CODE: accessCode,
    POLL_INTERVAL_MS: "5000",
    MAX_DISPATCHES_PER_HOUR: "0",
    LOG_LEVEL: "warn",
    ...(yield* given),
    LINEAR_API_KEY: apiKey,
    LINEAR_API_URL: linear.url,
    GITHUB_APP_ID: String(appId),
    GITHUB_APP_PRIVATE_KEY: privateKey,
    GITHUB_API_URL: github.url
  }
  if (env.DATABASE_URL === undefined) yield* emptyDatabase(env.DATA_DIR ?? ".data/sandbox")
  const service = yield* Layer.build(
    App.layer.pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env))))
  )
  const address = NetAddress.formatUrlUnsafe(Context.get(service, HttpServer.HttpServer).address)
  const code = env.ADMIN_ACCESS_CODE ?? accessCode
  yield* Effect.gen(function* () {
    const api = yield* ApiClient
    for (const mapping of mappings) yield* api.mappings.save({ payload: mapping })
    yield* api.operations.poll()
  }).pipe(Effect.provide(ApiClient.layer(address, code).pipe(Layer.provide(NodeHttpClient.layerUndici))))
  yield* Console.log(welcome(address, code, linear.url, github.url))
})

const welcome = (address: string, code: string, linear: string, github: string) => `
  AI-Implement sandbox: nothing here leaves this machine.

    Admin         ${address}/admin
    Access code   ${code}

    Linear        ${linear}
    GitHub        ${github}

  Twenty-five labelled issues of four teams wait; the first runs begin now.
  Faults and facts of the local upstreams: see "The sandbox" in README.md. Stop with Ctrl-C.
`
