import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Answer, client, send, server } from "../support/httpServer.ts"

const decodeError = Schema.decodeUnknownSync(
  Schema.Struct({
    _tag: Schema.String,
    error: Schema.NonEmptyString,
    issues: Schema.optionalKey(Schema.Array(Schema.Struct({ path: Schema.String, message: Schema.String })))
  })
)

const decodeDocument = Schema.decodeUnknownSync(
  Schema.Struct({ openapi: Schema.String, paths: Schema.Record(Schema.String, Schema.Unknown) })
)

/** The error of an answer, which has to have the form of every error. */
const errorOf = (answer: Answer) => {
  assert.include(answer.headers["content-type"], "application/json", answer.body)
  return decodeError(answer.json)
}

const unknownToken = "A".repeat(43)

layer(server())("a request to the API", (it) => {
  it.effect("without a good token is refused before it is routed, however its path is written", () =>
    Effect.gen(function* () {
      const paths = [
        "/api",
        "/api/",
        "/api/mappings",
        "/api/mappings/",
        "/api/mappings?team=ENG",
        "/api/openapi.json",
        "/api/no/such/path",
        "/%61pi/mappings",
        "//api//mappings",
        "/api/mappings;x=1",
        "/api/%00"
      ]
      for (const path of paths) {
        for (const method of ["GET", "POST", "HEAD", "OPTIONS", "BREW"]) {
          const answer = yield* send(path, { method })
          assert.strictEqual(answer.status, method === "BREW" ? 400 : 401, `${method} ${path}`)
        }
        assert.strictEqual(errorOf(yield* send(path))._tag, "Unauthorized")
      }
    })
  )

  it.effect("carries its token as a bearer token, whatever the case of the word", () =>
    Effect.gen(function* () {
      const { token } = yield* client
      const tried = (authorization: string) => send("/api/mappings", { headers: { authorization } })
      for (const good of [`Bearer ${token}`, `bearer ${token}`, `BEARER  ${token}`]) {
        assert.strictEqual((yield* tried(good)).status, 200, good)
      }
      const bad = [
        token,
        "Bearer",
        "Bearer ",
        `Basic ${token}`,
        `Bearer ${token}x`,
        `Bearer ${unknownToken}`,
        "Bearer é"
      ]
      for (const each of bad) {
        const answer = yield* tried(each)
        assert.strictEqual(answer.status, 401, each)
        assert.strictEqual(answer.headers["www-authenticate"], "Bearer")
      }
      const inUrl = yield* send(`/api/mappings?token=${token}&access_token=${token}`)
      assert.strictEqual(inUrl.status, 401)
    })
  )

  it.effect("reaches the same route with a query, a slash at the end or doubled slashes", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      for (const path of ["/api/dedup", "/api/dedup/", "/api/dedup?x=1", "//api//dedup", "/%61pi/dedup/?a"]) {
        const answer = yield* call("GET", path)
        assert.deepStrictEqual([answer.status, answer.json], [200, []], path)
      }
    })
  )

  it.effect("to a path that does not exist gets 404, and 405 with Allow for another method", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      for (const path of [
        "/api",
        "/api/nothing",
        "/API/mappings",
        "/api/openapi-json",
        `/api/issues/${"A".repeat(101)}/unpark`,
        "/api/mappings/ENG/x",
        "/api%2fmappings"
      ]) {
        const answer = yield* call("GET", path)
        assert.strictEqual(answer.status, 404, path)
        assert.strictEqual(errorOf(answer)._tag, "NotFound")
      }
      const cases = [
        ["PUT", "/api/mappings", "GET, HEAD, POST"],
        ["GET", "/api/mappings/ENG", "PATCH, DELETE"],
        ["OPTIONS", "/api/log", "GET, HEAD"],
        ["GET", "/api/auth", "POST, DELETE"],
        ["DELETE", "/api/poll", "POST"],
        ["POST", "/api/openapi.json", "GET, HEAD"],
        ["POST", "/", "GET, HEAD"],
        ["DELETE", "/admin", "GET, HEAD"],
        ["POST", "/admin/assets/main.js", "GET, HEAD"],
        ["PROPFIND", "/health/live", "GET, HEAD"],
        ["PUT", "/metrics", "GET, HEAD"],
        ["GET", "/webhooks/github", "POST"],
        ["HEAD", "/runner/claim", "POST"],
        ["GET", `/api/issues/${"A".repeat(100)}/unpark`, "POST"]
      ] as const
      for (const [method, path, allow] of cases) {
        const answer = yield* call(method, path)
        assert.deepStrictEqual([answer.status, answer.headers["allow"]], [405, allow], `${method} ${path}`)
        if (method !== "HEAD") assert.strictEqual(errorOf(answer)._tag, "MethodNotAllowed")
      }
    })
  )

  it.effect("over 1 MiB is refused before it is read, and while it is read", () =>
    Effect.gen(function* () {
      const { headers } = yield* client
      const body = JSON.stringify({ teamKey: "ENG", owner: "x".repeat(1024 * 1024) })
      for (const chunked of [false, true]) {
        const answer = yield* send("/api/mappings", { method: "POST", headers, body, chunked })
        assert.strictEqual(answer.status, 413, String(chunked))
        assert.strictEqual(errorOf(answer)._tag, "TooLarge")
      }
      const unsigned = yield* send("/api/mappings", { method: "POST", body })
      assert.strictEqual(unsigned.status, 413)
      const signIn = yield* send("/api/auth", { method: "POST", body, chunked: true })
      assert.strictEqual(signIn.status, 413)
    })
  )

  it.effect("with a wrong token gets 401 before its body is read", () =>
    Effect.gen(function* () {
      const headers = {
        authorization: `Bearer ${unknownToken}`,
        "content-type": "application/json"
      }
      const large = JSON.stringify({ teamKey: "ENG", owner: "x".repeat(1024 * 1024) })
      const requests = [
        { headers, body: large, chunked: true },
        { headers, body: large.slice(0, 1024 * 1024), chunked: false },
        { headers, body: '{"teamKey":', chunked: false },
        { headers, body: '{"teamKey": 5, "colour": "red"}', chunked: false },
        { headers: { ...headers, "content-type": "text/plain" }, body: "{}", chunked: false }
      ]
      for (const request of requests) {
        const answer = yield* send("/api/mappings", { method: "POST", ...request })
        assert.strictEqual(answer.status, 401, request.body.slice(0, 40))
        assert.strictEqual(errorOf(answer)._tag, "Unauthorized")
        assert.strictEqual(answer.headers["www-authenticate"], "Bearer")
      }
    })
  )

  it.effect("that is not JSON gets 415", () =>
    Effect.gen(function* () {
      const { headers } = yield* client
      for (const type of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "x",
        "é/\u00ff"
      ]) {
        const answer = yield* send("/api/mappings", {
          method: "POST",
          headers: { ...headers, "content-type": type },
          body: "{}"
        })
        assert.strictEqual(answer.status, 415, type)
        assert.strictEqual(errorOf(answer)._tag, "NotJson")
      }
    })
  )

  it.effect("with a malformed address gets 400", () =>
    Effect.gen(function* () {
      const { headers } = yield* client
      for (const path of ["/api/mappings/%E0%A4%A", "/%", "/admin/%zz", "/api/%c0%af"]) {
        const answer = yield* send(path, { headers })
        assert.strictEqual(answer.status, 400, path)
        assert.strictEqual(errorOf(answer)._tag, "Invalid")
      }
      const host = yield* send("/admin", { headers: { host: "a b:::" } })
      assert.strictEqual(host.status, 400)
    })
  )

  it.effect("may post a form to GitHub's pages from the page of the set-up, and from no other", () =>
    Effect.gen(function* () {
      const { headers } = yield* client
      for (const [path, targets] of [
        ["/admin/setup", " https://github.com"],
        ["/admin/setup/github?code=a", " https://github.com"],
        ["/admin/setups", ""],
        ["/admin/settings", ""],
        ["/api/setup", ""]
      ] as const) {
        const { headers: answered } = yield* send(path, { headers })
        assert.isTrue(
          answered["content-security-policy"]?.endsWith(`form-action 'self'${targets}`),
          `${path} ${answered["content-security-policy"]}`
        )
      }
    })
  )

  it.effect("is answered with the security headers, and is never cached", () =>
    Effect.gen(function* () {
      const { headers } = yield* client
      for (const path of ["/api/mappings", "/api/nothing", "/health", "/", "/admin", "/nothing"]) {
        const answer = yield* send(path, { headers })
        assert.strictEqual(
          answer.headers["content-security-policy"],
          "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
        )
        assert.strictEqual(answer.headers["x-content-type-options"], "nosniff")
        assert.strictEqual(answer.headers["referrer-policy"], "no-referrer")
        assert.strictEqual(answer.headers["cross-origin-opener-policy"], "same-origin")
        assert.strictEqual(answer.headers["cross-origin-resource-policy"], "same-origin")
        assert.include(answer.headers["permissions-policy"], "camera=()")
        assert.strictEqual(answer.headers["cache-control"], path === "/admin" ? "no-cache" : "no-store", path)
        assert.notProperty(answer.headers, "strict-transport-security")
      }
    })
  )

  it.effect("gets every problem of its body listed, and unknown fields by name", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const answer = yield* call(
        "POST",
        "/api/mappings",
        `{"teamKey": "E-9", "owner": 5, "maxInProgressAiIssues": 1.5, "colour": "red", "extraEnv": {"A B": "x", "PATH": "y"}}`
      )
      assert.strictEqual(answer.status, 400)
      const { _tag, error, issues = [] } = errorOf(answer)
      assert.strictEqual(_tag, "Invalid")
      assert.sameMembers(
        issues.map(({ path }) => path),
        ["teamKey", "owner", "maxInProgressAiIssues", "colour", "extraEnv.A B", "extraEnv.PATH"]
      )
      assert.include(error, "Nothing was changed")
      assert.include(error, "colour")
    })
  )

  it.effect("with a body of any kind gets an answer that is no server error", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const deep = (open: string, close: string) => `${open.repeat(90_000)}1${close.repeat(90_000)}`
      const cases = [
        [400, "/api/mappings", `{"teamKey":${deep("[", "]")}}`],
        [400, "/api/mappings", `{"teamKey":"ENG","extraEnv":${deep('{"a":', "}")}}`],
        [400, "/api/mappings", `{"teamKey":"ENG",${JSON.stringify("x".repeat(1000))}:${deep("[", "]")}}`],
        [201, "/api/mappings", `{"teamKey":"ENG","owner":"acme","repo":"app","createdAt":${deep("[", "]")}}`],
        [400, "/api/mappings", deep("[", "")],
        [400, "/api/mappings", `{"teamKey":"ENG","maxInProgressAiIssues":1e999}`],
        [400, "/api/mappings", `{"teamKey":"ENG","maxInProgressAiIssues":${"9".repeat(1000)}}`],
        [400, "/api/mappings", `{"teamKey":"ENG","__proto__":{"owner":"acme"}}`],
        [400, "/api/mappings", `{"teamKey":"E\\u0000"}`],
        [400, "/api/pause", `{"paused":true,"reason":"a\\u0000b"}`],
        [400, "/api/pause", `{"paused":true,"reason":"\\ud800"}`],
        [400, "/api/pause", `{"paused":"true"}`],
        [400, "/api/pause", "\u0000"],
        [400, "/api/issues/ENG-1/dispatch", `{"phase":"sleep"}`],
        [400, "/api/issues/%00/unpark", ""],
        [400, `/api/issues/${"A".repeat(90)}/unpark`, ""],
        [404, `/api/issues/${"A".repeat(9000)}/unpark`, ""]
      ] as const
      for (const [status, path, body] of cases) {
        const answer = yield* call("POST", path, body)
        assert.strictEqual(
          answer.status,
          status,
          `${path} ${body.slice(0, 60)}: ${answer.body.slice(0, 300)}`
        )
        assert.isBelow(answer.body.length, 40_000)
      }
    })
  )

  it.effect("gets the OpenAPI document of what runs", () =>
    Effect.gen(function* () {
      const { call } = yield* client
      const answer = yield* call("GET", "/api/openapi.json")
      const { openapi, paths } = decodeDocument(answer.json)
      assert.strictEqual(openapi, "3.1.0")
      assert.include(Object.keys(paths), "/api/mappings/{teamKey}")
    })
  )
})

layer(server({ ADMIN_ACCESS_CODE: "" }))("without ADMIN_ACCESS_CODE", (it) => {
  it.effect("the admin and the API are off and say why; health is not", () =>
    Effect.gen(function* () {
      const paths = [
        "/api",
        "/api/mappings",
        "/api/auth",
        "/%61pi/x",
        "/admin",
        "/admin/",
        "/%61dmin/x",
        "//admin"
      ]
      for (const path of paths) {
        for (const method of ["GET", "POST"]) {
          const answer = yield* send(path, { method })
          assert.strictEqual(answer.status, 404, `${method} ${path}`)
          assert.include(errorOf(answer).error, "ADMIN_ACCESS_CODE")
        }
      }
      assert.strictEqual((yield* send("/health")).status, 200)
      const root = yield* send("/")
      assert.strictEqual(root.status, 200)
      assert.include(root.headers["content-type"], "text/plain")
      for (const name of ["ADMIN_ACCESS_CODE", "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"])
        assert.include(root.body, name)
      assert.notInclude(root.body, "LINEAR_API_KEY")
    })
  )
})

layer(server({ PUBLIC_URL: "https://ai.test", TRUST_PROXY: "1" }))("behind TLS", (it) => {
  it.effect("every answer asks for TLS from now on", () =>
    Effect.gen(function* () {
      assert.include((yield* send("/health")).headers["strict-transport-security"], "max-age=")
    })
  )
})

layer(server({ TRUST_PROXY: "1" }))("behind a trusted proxy", (it) => {
  it.effect("TLS is what the proxy says", () =>
    Effect.gen(function* () {
      const tls = yield* send("/health", { headers: { "x-forwarded-proto": "https" } })
      assert.property(tls.headers, "strict-transport-security")
      assert.notProperty((yield* send("/health")).headers, "strict-transport-security")
    })
  )
})
