import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as OpenApi from "effect/http-api/OpenApi"
import * as fc from "fast-check"
import { Api } from "../../src/api/Api.ts"
import { RunnerApi } from "../../src/api/RunnerApi.ts"
import { dispatch, question, session } from "../support/apiSamples.ts"
import { type Operation, operationsOf } from "./requestFuzz.ts"
import { isObject, type Json } from "./schemaFuzz.ts"
import { withFly } from "../support/secretsServer.ts"
import { type Answer, client, send } from "../support/httpServer.ts"

const templates = [
  "/",
  "/admin",
  "/admin/*",
  "/health",
  "/health/live",
  "/health/ready",
  "/metrics",
  "/api/openapi.json",
  "/webhooks/linear",
  "/webhooks/github",
  ...Object.values(Api.groups).flatMap((group) => Object.values(group.endpoints).map(({ path }) => path))
]

const odd = fc.constantFrom(
  "%00",
  "%",
  "%E0%A4%A",
  "%ff",
  "..",
  "%2e%2e%2f",
  "%2F",
  ";a=b",
  "#",
  "",
  " ",
  "ENG",
  "eng-1",
  "ENG-1",
  dispatch(1).id,
  "A".repeat(5000),
  "__proto__",
  "%F0%9F%92%A9"
)
const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code))
})
const part = fc.oneof(odd, printable, fc.webFragments().map(encodeURIComponent))

const path = fc
  .tuple(
    fc.constantFrom(...templates),
    fc.array(part, { minLength: 3, maxLength: 3 }),
    fc.array(part, { maxLength: 3 })
  )
  .map(([template, parts, query]) => {
    const filled = template
      .split("/")
      .map((each: string, index: number) => (/^[:*]/.test(each) ? parts[index % 3] : each))
    return `${filled.join("/")}${query.length === 0 ? "" : `?${query.join("&")}`}`.replaceAll(" ", "%20")
  })

const name = fc.constantFrom(
  "teamKey",
  "owner",
  "extraEnv",
  "mode",
  "paused",
  "reason",
  "code",
  "name",
  "phase",
  "__proto__"
)
const scalar = fc.oneof(
  fc.constantFrom(null, true, "", "ENG", "\u0000", "\ud800", 1e308, -0, 0.1, 2 ** 53, "x".repeat(70_000)),
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.bigInt().map(String)
)
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.oneof(name, fc.string({ unit: "binary", maxLength: 5 })), scalar, { maxKeys: 5 })
)
const deep = fc
  .tuple(fc.constantFrom("[", '{"teamKey":', '{"extraEnv":', '{"a":'), fc.integer({ min: 1, max: 50_000 }))
  .map(([open, depth]) => open.repeat(depth))
const closed = fc
  .tuple(fc.constantFrom("teamKey", "createdAt", "extraEnv", "payload"), fc.integer({ min: 1, max: 50_000 }))
  .map(([field, depth]) => `{"${field}":${"[".repeat(depth)}${"]".repeat(depth)}}`)
const body = fc.oneof(
  fc.constant(undefined),
  { weight: 4, arbitrary: fc.dictionary(name, value).map((object) => JSON.stringify(object)) },
  fc.json(),
  deep,
  closed,
  fc.constantFrom(
    '{"maxInProgressAiIssues":1e999}',
    '{"a":-}',
    "\ufeff{}",
    "nul",
    `{"teamKey":${"9".repeat(400)}}`
  ),
  fc.string({ unit: "binary" }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes))
)

const headers = fc.dictionary(
  fc.constantFrom(
    "content-type",
    "accept",
    "x-forwarded-for",
    "range",
    "if-none-match",
    "if-modified-since",
    "cookie",
    "host",
    "expect",
    "upgrade",
    "accept-encoding",
    "traceparent",
    "b3"
  ),
  fc.oneof(
    fc.constantFrom(
      "application/json",
      "text/html",
      "100-continue",
      "bytes=9-1",
      "websocket",
      "::1, [",
      "W/"
    ),
    printable
  ),
  { maxKeys: 4 }
)

const method = fc.constantFrom("GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "PROPFIND")

const known = {
  teamKey: ["ENG", "eng", "WEB"],
  team: ["ENG", "ops"],
  issueId: ["ENG-1", "eng-1", dispatch(1).issueId],
  issue: ["ENG-1", dispatch(1).issueId],
  id: [dispatch(1).id, dispatch(404).id, question.id],
  before: [dispatch(300).id, "5"],
  machineId: [session.machineId, "503"],
  name: ["NPM_TOKEN", "npm_token"],
  limit: ["1", "500"],
  wait: ["0", "59"]
}

const mebibyte = 1024 * 1024
const enormous = [
  { body: `"${"x".repeat(mebibyte - 1)}"`, chunked: false },
  { body: `"${"x".repeat(mebibyte - 1)}"`, chunked: true },
  { body: `{"name":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, chunked: false },
  { body: '{"a":'.repeat(50_000), chunked: true },
  { body: new Uint8Array(1000).fill(0xff), chunked: false },
  { body: new Uint8Array(Buffer.from('{"name":"\xff\xfe\xc0\x80"}', "latin1")), chunked: false }
]

const json = { "content-type": "application/json" }

/** Fuzzed access codes come from elsewhere, so that they lock no one out. */
const headersFor = ({ method, path }: Operation, authorization: string) => {
  if (path === "/api/auth" && method === "POST") return { ...json, "x-forwarded-for": "203.0.113.9" }
  return { ...json, authorization: path.startsWith("/runner") ? "Bearer good" : authorization }
}

const nameOf = ({ method, path }: Operation) => `${method} ${path}`

/** No server error, and a refusal in the form that every route has. */
const assertAnswered = ({ body, json, status }: Answer, what: string) => {
  const summary = `${status} ${what}: ${body}`
  assert.isTrue(status < 500 || (status === 503 && body.includes("UpstreamUnavailable")), summary)
  if (status >= 400) {
    const refusal: Json = isObject(json) ? json : {}
    assert.deepStrictEqual([typeof refusal["error"], typeof refusal["_tag"]], ["string", "string"], summary)
  }
}

/** The guard and the router let it through. */
const isOfRoute = ({ body, status }: Answer) =>
  ![401, 405, 413].includes(status) && !/nothing at this address|address of the request/.test(body)

const mapping = { teamKey: "ENG", owner: "acme", repo: "app" }

layer(withFly({ TRUST_PROXY: "1", LINEAR_WEBHOOK_SECRET: "secret", GITHUB_WEBHOOK_SECRET: "secret" }))(
  "whatever is sent",
  (it) => {
    it.effect(
      "is answered, and never with a 5xx",
      () =>
        Effect.gen(function* () {
          const signedIn = yield* client
          const requests = fc.sample(
            fc.record({ method, path, headers, body, chunked: fc.boolean(), signed: fc.boolean() }),
            { numRuns: 600 }
          )
          const statuses = new Set<number>()
          for (const { body, chunked, headers, method, path, signed } of requests) {
            const answer = yield* send(path, {
              method,
              headers: { ...(signed && !path.includes("/auth") ? signedIn.headers : {}), ...headers },
              ...(body === undefined || method === "GET" || method === "HEAD" ? {} : { body, chunked })
            })
            statuses.add(answer.status)
            const expected = answer.status < 500 || (answer.status === 503 && answer.body.includes("Linear"))
            assert.isTrue(
              expected,
              `${answer.status} ${method} ${path.slice(0, 200)} ${JSON.stringify(headers)} ${String(body).slice(0, 300)}: ${answer.body}`
            )
          }
          assert.includeMembers([...statuses], [200, 400, 401, 404, 405])
          assert.strictEqual((yield* signedIn.call("GET", "/api/mappings")).status, 200)
        }),
      60_000
    )

    it.effect(
      "is answered in the form of the API, and never with a 5xx, at every operation of the documents",
      () =>
        Effect.gen(function* () {
          const { json: api } = yield* (yield* client).call("GET", "/api/openapi.json")
          const runner: Json = JSON.parse(JSON.stringify(OpenApi.fromApi(RunnerApi)))
          const operations = [
            ...operationsOf(isObject(api) ? api : {}, known),
            ...operationsOf(runner, known)
          ]
          const reached = new Set<string>()
          for (const operation of operations) {
            const { call, headers } = yield* client
            yield* call("POST", "/api/mappings", mapping)
            const requests = [
              ...fc.sample(operation.requests, { numRuns: 25 }),
              ...enormous.map((each) => ({
                ...each,
                headers: {},
                path: operation.path.replaceAll(/[{}]/g, "")
              }))
            ]
            for (const request of requests) {
              const { method } = operation
              const { body, ...rest } = request
              const answer = yield* send(request.path, {
                ...rest,
                method,
                headers: { ...headersFor(operation, headers.authorization), ...request.headers },
                ...(body !== undefined && { body })
              })
              assertAnswered(answer, `${method} ${request.path.slice(0, 300)} ${String(body).slice(0, 300)}`)
              if (isOfRoute(answer)) reached.add(nameOf(operation))
            }
          }
          assert.isAbove(operations.length, 40)
          assert.sameMembers([...reached], operations.map(nameOf))
        }),
      60_000
    )
  }
)
