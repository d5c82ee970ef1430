import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { Api } from "../../src/api/Api.ts"
import { RunnerApi } from "../../src/api/Runner.ts"
import { readOnly, writeOnly } from "../../src/http/route.ts"
import { dispatch } from "./fixtures.ts"
import { requestsOf } from "./schemaFuzz.ts"
import { withFly } from "./secretsSupport.ts"
import { client, send } from "./support.ts"

const templates = [
  ...readOnly,
  ...writeOnly,
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

const parts: Readonly<Record<string, string>> = {
  teamKey: "ENG",
  issueId: "ENG-1",
  id: dispatch(1).id
}

const headersOf = (path: string, signedIn: Readonly<Record<string, string>>) =>
  path.startsWith("/runner") ? { ...signedIn, authorization: "Bearer good" } : signedIn

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
            { numRuns: 1000 }
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
      "is answered, and never with a 5xx, when it nearly has the form of its route",
      () =>
        Effect.gen(function* () {
          const signedIn = yield* client
          const statuses = new Set<number>()
          for (const { body, method, path } of [...requestsOf(Api), ...requestsOf(RunnerApi)]) {
            if (path === "/api/auth") continue
            const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? name)
            for (const payload of fc.sample(body, { numRuns: 40 })) {
              const text = JSON.stringify(payload)
              const answer = yield* send(filled, {
                method,
                headers: headersOf(path, signedIn.headers),
                body: text
              })
              statuses.add(answer.status)
              assert.isTrue(
                answer.status < 500 || (answer.status === 503 && answer.body.includes("UpstreamUnavailable")),
                `${answer.status} ${method} ${filled} ${text.slice(0, 300)}: ${answer.body}`
              )
            }
          }
          assert.includeMembers([...statuses], [200, 400])
          assert.strictEqual((yield* signedIn.call("GET", "/api/dedup")).status, 200)
        }),
      60_000
    )
  }
)
