import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as App from "../App.ts"
import { onFly } from "./agent/onFly.ts"
import { onGitHub, pullRequestsOn } from "./agent/onGitHub.ts"
import { ApiClient } from "./ApiClient.ts"
import { credentials } from "./credentials.ts"
import { emptyDatabase } from "./database.ts"
import { Fly } from "./Fly.ts"
import { freePort } from "./freePort.ts"
import { GitHub } from "./GitHub.ts"
import * as Linear from "./Linear.ts"
import { automationUserId, workspace } from "./linear/workspace.ts"
import { demoBehaviour } from "./demoBehaviour.ts"
import { programOf } from "./program.ts"
import { mappings, repositories, sessionsApp } from "./repositories.ts"
import { settings } from "./settings.ts"

const defaults = {
  PORT: "8080",
  HOST: "127.0.0.1",
  POLL_INTERVAL_MS: "5000",
  MAX_DISPATCHES_PER_HOUR: "0",
  LOG_LEVEL: "warn"
}

export type Overrides = Readonly<Partial<Record<"POLL_INTERVAL_MS" | "NOTIFY_WEBHOOK_URL", string>>>

/** Local upstreams, a seeded workspace and the product itself, which knows only their addresses. */
export const demo = Effect.fn("demo")(function* (overrides: Overrides = {}) {
  const { agent: agentMode, directory, service: given, speed } = yield* settings
  const { accessCode, apiKey, appId, flyToken, githubSecret, linearSecret, privateKey, publicKey } =
    credentials()
  const wanted = { ADMIN_ACCESS_CODE: accessCode, ...defaults, ...overrides, ...given }
  const port = wanted.PORT === "0" ? yield* freePort : Number(wanted.PORT)
  const address = `http://127.0.0.1:${port}`

  const linear = yield* Linear.make({
    apiKeys: [{ key: apiKey, userId: automationUserId }],
    seed: workspace,
    webhook: { url: `${address}/webhooks/linear`, secret: linearSecret }
  })
  const github = yield* GitHub.make({
    speed,
    apps: [{ appId, key: publicKey }],
    repositories,
    agent: "manual",
    webhook: { url: `${address}/webhooks/github`, secret: githubSecret }
  })
  const fly = yield* Fly.make({ speed, tokens: [{ token: flyToken }], apps: [sessionsApp] })
  const openPullRequest = pullRequestsOn(github, () => github.url)
  const program = yield* programOf(agentMode, github, speed)
  const agent = { speed, behaviourOf: demoBehaviour, openPullRequest, program }
  github.listen(yield* onGitHub(github, agent))
  yield* onFly(fly, agent)

  const env: Record<string, string> = {
    PUBLIC_URL: address,
    FLY_SESSIONS_APP: sessionsApp,
    SESSION_IMAGE: "registry.fly.io/northwind-sessions:local",
    ...wanted,
    PORT: String(port),
    DATA_DIR: directory,
    LINEAR_API_KEY: apiKey,
    LINEAR_API_URL: linear.url,
    LINEAR_WEBHOOK_SECRET: linearSecret,
    GITHUB_APP_ID: String(appId),
    GITHUB_APP_PRIVATE_KEY: privateKey,
    GITHUB_API_URL: github.url,
    GITHUB_OIDC_ISSUER: github.oidcIssuer(),
    GITHUB_WEBHOOK_SECRET: githubSecret,
    FLY_API_URL: fly.apiUrl,
    FLY_SESSIONS_TOKEN: flyToken
  }
  yield* emptyDatabase(directory)
  const service = yield* Layer.build(
    App.layer.pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env))))
  )
  const code = wanted.ADMIN_ACCESS_CODE
  const api = yield* Layer.build(
    ApiClient.layer(address, code).pipe(Layer.provide(NodeHttpClient.layerUndici))
  ).pipe(Effect.map((built) => Context.get(built, ApiClient)))
  for (const mapping of mappings) yield* api.mappings.save({ payload: mapping })
  yield* api.operations.poll()
  return { address, code, api, linear, github, fly, sql: Context.get(service, SqlClient.SqlClient) }
})

export type Demo = Effect.Success<ReturnType<typeof demo>>

export const welcome = ({ address, code, fly, github, linear }: Demo) =>
  Console.log(`
  AI-Implement sandbox: nothing here leaves this machine.

    Admin         ${address}/admin
    Access code   ${code}

    Linear        ${linear.url}
    GitHub        ${github.url}
    Fly           ${fly.url}

  Twenty-five labelled issues of four teams wait; the first runs begin now.
  ENG plans and implements automatically, WEB works in Fly Machines and may ask, OPS wants its plans approved.
  Faults and facts of the local upstreams: see docs/sandbox.md. Stop with Ctrl-C.
`)
