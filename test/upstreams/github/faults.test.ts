import { assert, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { CodeHost } from "../../../src/upstreams/CodeHost.ts"
import { WorkflowRuns } from "../../../src/upstreams/RunBackends.ts"
import { GitHub as Sandbox } from "../../../src/sandbox/GitHub.ts"
import type { Action } from "../../../src/sandbox/Upstream.ts"
import type { UpstreamReason } from "../../../src/upstreams/UpstreamError.ts"
import { closedPort } from "../../support/closedPort.ts"
import { eventually } from "../../support/eventually.ts"
import { elsewhere } from "../../support/elsewhere.ts"
import { hold } from "../../support/hold.ts"
import { notSent, rejected, unknown } from "../../support/upstreamFailure.ts"
import { UpstreamCalls } from "../../support/upstreamsDouble.ts"
import {
  asked,
  failureOf,
  type Given,
  layer,
  live,
  privateKey,
  reasonOf,
  web,
  place
} from "../../support/githubClient.ts"

const read = Effect.flatMap(CodeHost, (repositories) => repositories.pullRequests({ ...web, numbers: [1] }))
const match = "pulls/list"

const status = (code: number, headers: Record<string, string> = {}, message = "no"): Action => ({
  _tag: "status",
  status: code,
  headers,
  body: { message }
})

const secondary = "You have exceeded a secondary rate limit."

const cases: ReadonlyArray<
  readonly [what: string, action: Action, reason: UpstreamReason, tries: number, given?: Given]
> = [
  ["no answer in time", { _tag: "hang" }, unknown, 3, { timeout: "1 second" }],
  ["a reset connection", { _tag: "reset" }, unknown, 3],
  ["half an answer", { _tag: "truncate" }, unknown, 3],
  ["an error of its own", status(502), unknown, 3],
  ["no JSON", { _tag: "malformed" }, { _tag: "Malformed" }, 1],
  ["an answer without end", { _tag: "endless" }, { _tag: "Malformed" }, 1],
  ["a body of another form", { _tag: "status", status: 200, body: { a: 1 } }, { _tag: "Malformed" }, 1],
  [
    "a rate limit for long",
    status(403, { "retry-after": "600" }),
    { _tag: "RateLimited", retryAfter: 600 },
    1
  ],
  [
    "a secondary limit without a time",
    status(403, {}, secondary),
    { _tag: "RateLimited", retryAfter: 60 },
    1
  ],
  [
    "the abuse detection of an older server",
    status(
      403,
      {},
      "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again."
    ),
    { _tag: "RateLimited", retryAfter: 60 },
    1
  ],
  [
    "a secondary limit with budget left",
    status(403, { "x-ratelimit-remaining": "4321", "x-ratelimit-reset": "9999999999" }, secondary),
    { _tag: "RateLimited", retryAfter: 60 },
    1
  ],
  [
    "a rate limit for a moment",
    status(429, { "retry-after": "1" }),
    { _tag: "RateLimited", retryAfter: 1 },
    3
  ],
  ["a lack of rights", status(403), rejected, 1],
  ["a refusal", status(422), rejected, 1],
  ["what is not there", status(404), { _tag: "NotFound" }, 1]
]

for (const [what, action, reason, tries, given] of cases) {
  live(
    `${what} is ${reason._tag}, after ${tries} ${tries === 1 ? "try" : "tries"}`,
    Effect.gen(function* () {
      const { control } = yield* Sandbox
      control.failNext({ match, times: 3, action })
      assert.deepStrictEqual(yield* reasonOf(read), reason)
      assert.lengthOf(
        (yield* asked).filter((operation) => operation === match),
        tries
      )
      const { ended } = yield* UpstreamCalls
      assert.deepStrictEqual(
        ended.map(({ error }) => error?.reason._tag ?? "ok"),
        ["ok", "ok", ...Array.from({ length: tries }, () => reason._tag)]
      )
    }),
    given
  )
}

for (const code of [301, 302, 307]) {
  live(
    `a ${code} to another host is not followed, and no request arrives there`,
    Effect.scoped(
      Effect.gen(function* () {
        const { control } = yield* Sandbox
        const { calls, url } = yield* elsewhere
        control.failNext({ match, action: status(code, { location: `${url}/repos/acme/web/pulls` }) })
        const { message, reason } = yield* failureOf(read)
        assert.deepStrictEqual(reason, { _tag: "Malformed" })
        assert.include(message, `elsewhere (${code}); it was not followed`)
        assert.deepStrictEqual(calls(), [])
      })
    )
  )
}

live(
  "a redirect within the host is followed, as after a rename",
  Effect.gen(function* () {
    const { control } = yield* Sandbox
    const location = "/repos/acme/web/pulls?state=open"
    control.failNext({ match, action: status(301, { location }) })
    assert.deepStrictEqual(yield* read, [])
    assert.strictEqual((yield* asked).filter((operation) => operation === match).length, 2)
  })
)

live(
  "redirects in a circle end",
  Effect.gen(function* () {
    const { control } = yield* Sandbox
    const location = "/repos/acme/web/pulls"
    control.failNext({ match, times: 20, action: status(302, { location }) })
    assert.deepStrictEqual(yield* reasonOf(read), { _tag: "Malformed" })
    assert.strictEqual((yield* asked).filter((operation) => operation === match).length, 4)
  })
)

live(
  "a fault that passes is not seen by who asked",
  Effect.gen(function* () {
    const { control } = yield* Sandbox
    control.failNext({ match, action: status(500) })
    assert.deepStrictEqual(yield* read, [])
  })
)

live(
  "a small answer that unpacks to 40 MiB is not read beyond 32 MiB",
  Effect.gen(function* () {
    const { control } = yield* Sandbox
    control.failNext({ match, action: { _tag: "inflated", mebibytes: 40 } })
    const { message, reason } = yield* failureOf(read)
    assert.deepStrictEqual(reason, { _tag: "Malformed" })
    assert.include(message, "is larger than 32 MiB and was not read")
  })
)

live(
  "interruption ends the request at once",
  Effect.gen(function* () {
    const { control } = yield* Sandbox
    const held = hold(control, match)
    const fiber = yield* Effect.forkChild(read)
    yield* held
    yield* Fiber.interrupt(fiber)
    yield* eventually("the request is cut", Effect.sync(control.held), ({ length }) => length === 0)
  }),
  { timeout: "1 minute" }
)

it.live("a refused connection was certainly not sent", () =>
  Effect.gen(function* () {
    const GITHUB_API_URL = yield* closedPort
    const reason = yield* Effect.provide(reasonOf(read), layer({ env: { GITHUB_API_URL } }))
    assert.deepStrictEqual(reason, notSent)
  })
)

live(
  "an empty budget says when it opens again, and the budget is reported",
  Effect.gen(function* () {
    const { setBudget } = yield* Sandbox
    yield* read
    yield* setBudget({ limit: 4000, remaining: 0 })
    const reason = yield* reasonOf(read)
    assert.isTrue(reason._tag === "RateLimited" && reason.retryAfter > 3500 && reason.retryAfter <= 3601)
    const [budget, ...others] = (yield* UpstreamCalls).budgets.get("github") ?? []
    assert.deepStrictEqual(others, [])
    assert.deepInclude(budget, { kind: "core", limit: 4000, remaining: 0 })
    const now = yield* Clock.currentTimeMillis
    assert.isAbove(budget?.resetAt.epochMilliseconds ?? 0, now + 3_500_000)
  })
)

live(
  "without an App nothing is asked",
  Effect.gen(function* () {
    const runs = yield* WorkflowRuns
    const missing = ["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"]
    assert.deepStrictEqual(yield* reasonOf(read), { _tag: "NotConfigured", missing })
    assert.deepStrictEqual(yield* reasonOf(runs.probe(place)), { _tag: "NotConfigured", missing })
    assert.deepStrictEqual(yield* asked, [])
  }),
  { env: { GITHUB_APP_ID: "", GITHUB_APP_PRIVATE_KEY: "" } }
)

live(
  "a key that cannot sign is named, and nothing is asked",
  Effect.gen(function* () {
    const failure = yield* failureOf(read)
    assert.deepStrictEqual(failure.reason, { _tag: "NotConfigured", missing: ["GITHUB_APP_PRIVATE_KEY"] })
    assert.notInclude(failure.message, "AAAA")
    assert.deepStrictEqual(yield* asked, [])
  }),
  { env: { GITHUB_APP_PRIVATE_KEY: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" } }
)

live(
  "an App that GitHub does not know is Unauthorized",
  Effect.gen(function* () {
    const runs = yield* WorkflowRuns
    assert.deepStrictEqual(yield* reasonOf(runs.probe(place)), { _tag: "Unauthorized" })
    assert.deepStrictEqual(yield* reasonOf(read), { _tag: "Unauthorized" })
    assert.deepStrictEqual(yield* asked, ["apps/get-authenticated", "apps/get-repo-installation"])
  }),
  { env: { GITHUB_APP_ID: "8", GITHUB_APP_PRIVATE_KEY: privateKey } }
)
