import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { createHmac } from "node:crypto"
import { Api } from "../../src/api/Api.ts"
import { failureOf, makeClient } from "../../src/api/client.ts"
import { secretNames } from "../../src/platform/Config/environment.ts"
import { serve } from "../../src/sandbox/Upstream.ts"
import { Database } from "../../src/platform/Sql/Database.ts"
import { follow } from "../http/follow.ts"
import { send, type Sent } from "../support/httpServer.ts"
import { eventually } from "../support/eventually.ts"
import { databaseUrl } from "../support/databaseUrl.ts"
import { running } from "../support/running.ts"
import { TestDb } from "../support/TestDb.ts"
import { makeWorld } from "../support/world.ts"

const canary = (of: string) => `canary${of}b7e1`

/** What may be in no output, by where it was planted. */
const planted = {
  password: canary("Password"),
  linearWebhook: canary("LinearWebhook"),
  githubWebhook: canary("GithubWebhook"),
  anthropic: canary("Anthropic"),
  claude: canary("Claude"),
  notify: canary("Notify"),
  metrics: canary("Metrics"),
  authorization: canary("Authorization"),
  cookie: canary("Cookie"),
  signature: canary("Signature"),
  body: canary("Body"),
  linearAnswer: canary("LinearAnswer"),
  githubAnswer: canary("GithubAnswer"),
  flyAnswer: canary("FlyAnswer"),
  notifyAnswer: canary("NotifyAnswer"),
  teamSecret: canary("TeamSecret"),
  globalSecret: canary("GlobalSecret"),
  extraEnv: canary("ExtraEnv")
}

/** Credentials of no known form, as an upstream may give them away. */
const shapeless = {
  hex: "9f86d081884c7d659a2feaa0c55ad015",
  base64url: "q83vASNFZ4mrze8_EjRWeJCrze8-fkYq",
  uuid: "3f2b8c1e-9d47-4a6b-8e21-5c7f0a9b1d3e",
  mixed: "Tr0ub4dor&3x!pQ7zLm"
}

const secretOf = (url: URL) => url.searchParams.get("password") ?? ""

const scene = Effect.gen(function* () {
  const world = yield* makeWorld({ fly: {} })
  const notified = yield* serve({
    name: "notifications",
    handler: () => Effect.succeed({ status: 500, body: { message: planted.notifyAnswer } })
  })
  const traces: Array<string> = []
  const collector = yield* serve({
    name: "collector",
    handler: ({ body }) => Effect.sync(() => ({ status: 200, body: { taken: traces.push(body) } }))
  })
  const services = yield* Layer.build(Layer.fresh(TestDb))
  const url = databaseUrl(Context.get(services, Database).location, planted.password)
  const env: Record<string, string> = {
    ...world.env,
    DATABASE_URL: url.href,
    LINEAR_WEBHOOK_SECRET: planted.linearWebhook,
    GITHUB_WEBHOOK_SECRET: planted.githubWebhook,
    ANTHROPIC_API_KEY: planted.anthropic,
    CLAUDE_CODE_OAUTH_TOKEN: planted.claude,
    NOTIFY_WEBHOOK_URL: `${notified.url}/${planted.notify}`,
    METRICS_TOKEN: planted.metrics,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    POLL_INTERVAL_MS: "86400000",
    LOG_LEVEL: "debug",
    LOG_FORMAT: "json"
  }
  const ofWorld = ["ADMIN_ACCESS_CODE", "LINEAR_API_KEY", "FLY_SESSIONS_TOKEN"].map((name) => env[name] ?? "")
  const ofKey = (env["GITHUB_APP_PRIVATE_KEY"] ?? "").split("\n").filter((line) => line.length > 40)
  const canaries = [
    ...Object.values(planted),
    ...Object.values(shapeless),
    "fm2_test",
    secretOf(url),
    ...ofWorld,
    ...ofKey
  ]
  return { ...world, env, notified, traces, canaries, sql: Context.get(services, SqlClient.SqlClient) }
})

describe("secrets", () => {
  it.live(
    "are in no log line, answer, event, audit entry, metric, trace and client error, whatever fails",
    () =>
      Effect.gen(function* () {
        const { canaries, env, fly, github, linear, notified, sql, traces } = yield* scene
        assert.isEmpty([...secretNames].filter((name) => (env[name] ?? "").length < 8))
        assert.isEmpty(canaries.filter((each) => each.length < 8))
        const service = yield* running(env)
        const outputs = new Map<string, string>()

        const ask = Effect.fnUntraced(function* (method: string, path: string, sent: Sent = {}) {
          const { body, headers, status } = yield* send(path, { ...sent, method }).pipe(
            Effect.provideService(HttpServer.HttpServer, service.server)
          )
          return { status, text: body, shownText: `${status} ${JSON.stringify(headers)} ${body}` }
        })
        const listen = (where: string, { shownText }: { readonly shownText: string }) =>
          outputs.set(where, `${outputs.get(where) ?? ""}${shownText}`)

        const json = { "content-type": "application/json" }
        const code = JSON.stringify({ code: env["ADMIN_ACCESS_CODE"], name: "Ada" })
        const { text } = yield* ask("POST", "/api/auth", { headers: json, body: code })
        const token = String(JSON.parse(text).token)
        assert.lengthOf(token, 43)
        canaries.push(token)
        const headers = { ...json, authorization: `Bearer ${token}`, cookie: planted.cookie }
        const call = Effect.fnUntraced(function* (method: string, path: string, body?: unknown) {
          const answer = yield* ask(method, path, {
            headers,
            ...(body === undefined ? {} : { body: JSON.stringify(body) })
          })
          listen(`${method} ${path}`, answer)
          return answer.status
        })
        const stream = yield* follow(headers).pipe(
          Effect.provideService(HttpServer.HttpServer, service.server)
        )

        /** The one answer that shows what the operator wrote into it. */
        const mapping = { owner: "acme", repo: "app", planningEnabled: false }
        const mapped = yield* ask("POST", "/api/mappings", {
          headers,
          body: JSON.stringify({ teamKey: "ENG", ...mapping, extraEnv: { PLAIN: planted.extraEnv } })
        })
        assert.strictEqual(mapped.status, 201, mapped.text)
        assert.strictEqual(
          yield* call("POST", "/api/global-secrets", { name: "NPM_TOKEN", value: planted.globalSecret }),
          200
        )
        assert.strictEqual(
          yield* call("POST", "/api/mappings/ENG/secrets", { name: "DB", value: planted.teamSecret }),
          200
        )

        const fails = (body: unknown, status: number, times = 1) => ({
          times,
          action: {
            _tag: "status" as const,
            status,
            body,
            headers: {
              "x-shown": JSON.stringify(body),
              "x-accepted-github-permissions": `actions=${shapeless.hex}`,
              location: `https://${shapeless.uuid}.test/${shapeless.mixed}`,
              "x-request-id": shapeless.base64url
            }
          }
        })
        /** An upstream that gives in its reason what it was sent, and more beside it. */
        const quoting = (shownText: string, ...sent: ReadonlyArray<string>) => {
          const { base64url, hex, mixed, uuid } = shapeless
          const own = [env["LINEAR_API_KEY"], env["FLY_SESSIONS_TOKEN"], "Bearer " + planted.authorization]
          const leaked = [
            `"${hex}"`,
            `(${base64url})`,
            `token=${uuid},`,
            `https://a.test/${mixed}?at=${shownText}`
          ]
          const said = `Refused: ${[...own, ...sent, ...leaked, hex, base64url, uuid, mixed, shownText].join(" ")}`
          return {
            message: said,
            error: said,
            documentation_url: said,
            details: said,
            errors: [{ message: said, extensions: { ...byUser, userPresentableMessage: said, shownText } }]
          }
        }
        const byUser = { type: "invalid input", userError: true }
        /** What GitHub would quote of the inputs. */
        const undeclared = {
          message: `Unexpected inputs provided: ["${shapeless.hex}", "${shapeless.uuid}"]`
        }
        const passed = Effect.gen(function* () {
          const answer = yield* ask("POST", "/api/poll", { headers })
          const { passId } = JSON.parse(answer.text)
          return yield* eventually(
            "the pass has ended",
            Effect.orDie(sql`select error from passes where id = ${passId} and finished_at is not null`),
            ({ length }) => length > 0,
            20
          )
        })

        for (const status of [400, 200]) {
          linear.failNext(fails({ data: null, ...quoting(planted.linearAnswer) }, status, 5))
          assert.include(JSON.stringify(yield* passed), "Linear refused to read")
          linear.clearFaults()
        }
        linear.failNext(fails(planted.linearAnswer, 502, 5))
        yield* passed
        linear.clearFaults()
        linear.failNext({ match: "query Page", action: { _tag: "malformed" } })
        yield* passed

        const settled = Effect.fnUntraced(function* (identifier: string) {
          yield* passed
          const seen = yield* eventually(
            `${identifier} has ended`,
            Effect.orDie(
              sql`select id, outcome from dispatches where issue_identifier = ${identifier} and outcome is not null`
            ),
            ({ length }) => length > 0,
            20
          )
          return String(seen[0]?.["id"])
        })
        github.control.failNext({ match: "/dispatches", ...fails(undeclared, 422, 1) })
        github.control.failNext({ match: "/dispatches", ...fails(quoting(planted.githubAnswer), 422, 3) })
        const failed = yield* settled(
          linear.createIssue({ team: "ENG", title: "One", labels: ["AI-Implement"] })
        )
        github.control.clearFaults()
        assert.strictEqual(yield* call("POST", "/api/mappings", { teamKey: "WEB", ...mapping }), 201)
        const onFly = { teamKey: "WEB", executionMode: "fly-machines", extraEnv: { PLAIN: planted.extraEnv } }
        assert.strictEqual(
          (yield* ask("POST", "/api/mappings", { headers, body: JSON.stringify(onFly) })).status,
          200
        )
        fly.control.failNext({
          match: "POST",
          ...fails(quoting(planted.flyAnswer, planted.extraEnv, planted.anthropic), 422, 5)
        })
        yield* settled(linear.createIssue({ team: "WEB", title: "Two", labels: ["AI-Implement"] }))
        fly.control.clearFaults()

        for (const [upstream, message] of [
          [linear, planted.linearAnswer],
          [github.control, planted.githubAnswer],
          [fly.control, planted.flyAnswer]
        ] as const) {
          for (const status of [401, 403, 422, 500]) {
            upstream.failNext(fails(quoting(message), status, Infinity))
            for (const what of ["linear", "github", "fly", "notification"]) {
              yield* call("POST", `/api/test/${what}`)
            }
            yield* call("GET", "/api/mappings/ENG/readiness")
            yield* call("GET", "/api/global-secrets")
            yield* call("POST", "/api/global-secrets", { name: "NPM_TOKEN", value: planted.globalSecret })
            yield* call("DELETE", "/api/global-secrets/NPM_TOKEN")
            upstream.clearFaults()
          }
        }

        const wrongly = { authorization: `Bearer ${planted.authorization}`, cookie: planted.cookie }
        listen("wrong token", yield* ask("GET", "/api/mappings", { headers: wrongly }))
        listen(
          "wrong scheme",
          yield* ask("GET", "/api/mappings", { headers: { authorization: planted.authorization } })
        )
        listen(
          "wrong code",
          yield* ask("POST", "/api/auth", { headers: json, body: JSON.stringify({ code: planted.body }) })
        )
        listen("wrong metrics token", yield* ask("GET", "/metrics", { headers: wrongly }))
        listen(
          "runner",
          yield* ask("POST", "/runner/claim", {
            headers: { ...json, ...wrongly },
            body: JSON.stringify({ dispatchId: failed })
          })
        )
        for (const [path, id, name] of [
          ["/webhooks/linear", "linear-delivery", "linear-signature"],
          ["/webhooks/github", "x-github-delivery", "x-hub-signature-256"]
        ] as const) {
          listen(
            path,
            yield* ask("POST", path, {
              headers: { [id]: "1", [name]: planted.signature },
              body: planted.body
            })
          )
          const signed = createHmac(
            "sha256",
            path.includes("linear") ? planted.linearWebhook : planted.githubWebhook
          )
          const signature = `${path.includes("linear") ? "" : "sha256="}${signed.update(planted.body).digest("hex")}`
          listen(
            path,
            yield* ask("POST", path, { headers: { [id]: "2", [name]: signature }, body: planted.body })
          )
        }
        const wrong = { name: "9 wrong name", value: planted.globalSecret }
        assert.strictEqual(yield* call("POST", "/api/global-secrets", wrong), 400)
        assert.strictEqual(
          yield* call("POST", "/api/global-secrets", { name: "A", value: { of: planted.globalSecret } }),
          400
        )
        assert.strictEqual(
          yield* call("POST", "/api/global-secrets", { name: "A", value: planted.globalSecret.repeat(9000) }),
          400
        )
        assert.strictEqual(
          yield* call("POST", "/api/mappings", {
            teamKey: "ENG",
            extraEnv: { "A B": planted.extraEnv, PLAIN: 1 }
          }),
          400
        )
        assert.strictEqual(
          yield* call("POST", "/api/mappings", { teamKey: "ENG", extraEnv: [planted.extraEnv] }),
          400
        )

        const parts: Readonly<Record<string, string>> = {
          teamKey: "ENG",
          id: failed,
          dispatchId: failed,
          issueId: "ENG-1"
        }
        for (const group of Object.values(Api.groups)) {
          for (const { method, path } of Object.values(group.endpoints)) {
            if (method !== "GET" || path === "/api/events" || path === "/api/mappings") continue
            const filled = path.replaceAll(/:(\w+)/g, (_: string, name: string) => parts[name] ?? name)
            assert.strictEqual(yield* call("GET", filled), 200, filled)
          }
        }
        for (const path of ["/health", "/health/ready", "/health/live", "/", "/admin"]) {
          listen(path, yield* ask("GET", path))
        }
        yield* call("GET", "/api/openapi.json")
        const metrics = yield* ask("GET", "/metrics", {
          headers: { authorization: `Bearer ${planted.metrics}` }
        })
        assert.strictEqual(metrics.status, 200)
        listen("/metrics", metrics)

        for (const given of [token, planted.authorization]) {
          const client = yield* makeClient({ url: service.url, token: given })
          fly.control.failNext(fails(quoting(planted.flyAnswer), 422, 5))
          const payload = { name: "NPM_TOKEN", value: planted.globalSecret }
          const errors = yield* Effect.forEach(
            [
              client.secrets.setGlobal({ payload: { ...payload, name: "NODE_OPTIONS" } as never }),
              client.secrets.deleteGlobal({ params: { name: "NOT_THERE" } }),
              client.auth.signIn({ payload: { code: planted.body } })
            ],
            (attempt) => Effect.flip(attempt as Effect.Effect<unknown, unknown>)
          )
          for (const error of errors) {
            const failure = yield* failureOf(error)
            listen("client", { shownText: [failure, failure.stack, JSON.stringify(failure)].join("\n") })
            listen("client", { shownText: `${String(error)} ${JSON.stringify(error)}` })
          }
          fly.control.clearFaults()
        }

        assert.isAbove(notified.control.calls().length, 0)
        assert.include(outputs.get("POST /api/test/notification"), "notification")
        assert.include(outputs.get("GET /api/audit"), "secret")
        for (const upstream of ["GitHub refused to start", "Fly refused to create"]) {
          assert.include(outputs.get("GET /api/log"), upstream)
        }
        outputs.set("GET /api/events", stream.text())
        assert.include(outputs.get("GET /api/events"), "event: change")
        yield* service.stop
        outputs.set("log", service.output())
        assert.include(outputs.get("log"), `"level":"DEBUG"`)
        outputs.set("traces", traces.join("\n"))
        for (const name of ["Secrets.set", "Audit.intend", "POST", "Linear.page"]) {
          assert.include(outputs.get("traces"), `"${name}"`)
        }

        const leaks = [...outputs].flatMap(([where, output]) =>
          canaries.flatMap((each) => {
            const at = output.indexOf(each)
            return at === -1 ? [] : [`${where}: …${output.slice(Math.max(0, at - 150), at + each.length)}`]
          })
        )
        assert.deepStrictEqual(leaks, [])
      }).pipe(Effect.provide(FetchHttpClient.layer)),
    120_000
  )
})
