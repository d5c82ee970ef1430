import { assert, it } from "@effect/vitest"
import * as Cache from "effect/Cache"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { makeTokens } from "../../../src/upstreams/github/tokens.ts"
import { CodeHost } from "../../../src/upstreams/CodeHost.ts"
import { GitHub as Sandbox } from "../../../src/sandbox/GitHub.ts"
import { serve } from "../../../src/sandbox/Upstream.ts"
import { asked, layer, live, request, web } from "../../support/githubClient.ts"
import { UpstreamCalls } from "../../support/upstreamsDouble.ts"

const newToken = ["apps/get-repo-installation", "apps/create-installation-access-token"]

live(
  "however many wait, one token is asked for each repository",
  Effect.gen(function* () {
    const codeHost = yield* CodeHost
    const both = [web, { ...web, repo: "api" }]
    yield* Effect.forEach(
      [...both, ...both, ...both],
      (repository) => codeHost.pullRequests({ ...repository, numbers: [1] }),
      { concurrency: "unbounded" }
    )
    const tokens = (yield* asked).filter((operation) => operation === newToken[1])
    assert.lengthOf(tokens, 2)
  })
)

it.live("a token is narrowed to its repository and what a run needs", () =>
  Effect.gen(function* () {
    const bodies: Array<unknown> = []
    const { url: GITHUB_API_URL } = yield* serve({
      name: "GitHub",
      handler: ({ url, body }) =>
        Effect.sync(() => {
          if (url.pathname.endsWith("/installation")) return { status: 200, body: { id: 5 } }
          if (url.pathname !== "/app/installations/5/access_tokens") return { status: 200, body: [] }
          bodies.push(JSON.parse(body))
          return { status: 201, body: { token: "ghs_x", expires_at: "2100-01-01T00:00:00Z" } }
        })
    })
    const read = Effect.flatMap(CodeHost, (codeHost) =>
      codeHost.pullRequest({ ...request, since: DateTime.makeUnsafe(0) })
    )
    assert.isNull(yield* Effect.provide(read, layer({ env: { GITHUB_API_URL } })))
    assert.deepStrictEqual(bodies, [
      {
        repositories: ["web"],
        permissions: { actions: "write", contents: "read", metadata: "read", pull_requests: "read" }
      }
    ])
  })
)

live(
  "a read whose token is refused gets a new one, once for all who wait",
  Effect.gen(function* () {
    const codeHost = yield* CodeHost
    const github = yield* Sandbox
    const read = codeHost.pullRequests({ ...web, numbers: [1] })
    yield* read
    github.revokeTokens()
    yield* asked
    yield* Effect.all([read, read, read], { concurrency: 3 })
    assert.isFalse((yield* UpstreamCalls).ended.some(({ error }) => error?.reason._tag === "Unauthorized"))
    assert.lengthOf(
      (yield* asked).filter((operation) => operation === newToken[1]),
      1
    )
  })
)

live(
  "a token that is refused again is not asked for a third time",
  Effect.gen(function* () {
    const codeHost = yield* CodeHost
    const { control } = yield* Sandbox
    const body = { message: "Bad credentials" }
    control.failNext({ match: "pulls/list", times: 9, action: { _tag: "status", status: 401, body } })
    const { reason } = yield* Effect.flip(codeHost.pullRequests({ ...web, numbers: [1] }))
    assert.strictEqual(reason._tag, "Unauthorized")
    assert.deepStrictEqual(yield* asked, [...newToken, "pulls/list", ...newToken, "pulls/list"])
  })
)

it.effect("a token is used until five minutes before it expires", () =>
  Effect.gen(function* () {
    let issued = 0
    const tokens = yield* makeTokens(() =>
      Effect.map(DateTime.now, (now) => ({
        token: `token ${++issued}`,
        expires_at: DateTime.add(now, { hours: 1 })
      }))
    )
    const token = Effect.map(Cache.get(tokens, "acme/web"), ({ value }) => Redacted.value(value))
    assert.strictEqual(yield* token, "token 1")
    yield* TestClock.adjust("54 minutes")
    assert.strictEqual(yield* token, "token 1")
    yield* TestClock.adjust("1 minute")
    assert.strictEqual(yield* token, "token 2")
  })
)

it.effect("a token that could not be created is requested again", () =>
  Effect.gen(function* () {
    let asked = 0
    const failure = new Error("no")
    const tokens = yield* makeTokens(() => Effect.suspend(() => (asked++, Effect.die(failure))))
    yield* Effect.exit(Cache.get(tokens, "acme/web"))
    yield* Effect.exit(Cache.get(tokens, "acme/web"))
    assert.strictEqual(asked, 2)
  })
)
