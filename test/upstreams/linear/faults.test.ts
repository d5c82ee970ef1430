import { assert, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Tracker, type IssuePage } from "../../../src/upstreams/Tracker.ts"
import type { Action } from "../../../src/sandbox/Upstream.ts"
import type { UpstreamError, UpstreamReason } from "../../../src/upstreams/UpstreamError.ts"
import { closedPort } from "../../support/closedPort.ts"
import { eventually } from "../../support/eventually.ts"
import { elsewhere } from "../../support/elsewhere.ts"
import { hold } from "../../support/hold.ts"
import { UpstreamCalls } from "../../support/upstreamsDouble.ts"
import { type Given, layer, live, LocalLinear, pickup, reasonOf } from "../../support/linearClient.ts"

const page: Effect.Effect<IssuePage, UpstreamError, Tracker> = Effect.flatMap(Tracker, (issues) =>
  issues.page({ pickupLabel: pickup, first: 10, after: null, tracked: [] })
)

const unknown: UpstreamReason = { _tag: "Unavailable", delivery: "unknown" }
const serverError = { _tag: "status", status: 500, body: { errors: [{ message: "no" }] } } as const

const rateLimited = (seconds: number): Action => ({
  _tag: "status",
  status: 400,
  headers: { "retry-after": `${seconds}` },
  body: { errors: [{ message: "no", extensions: { type: "ratelimited", code: "RATELIMITED" } }] }
})

const refusal = (type: string, message: string, presentable: string): Action => ({
  _tag: "status",
  status: 200,
  body: {
    data: { issues: null },
    errors: [{ message, extensions: { type, userError: true, userPresentableMessage: presentable } }]
  }
})

const cases: ReadonlyArray<
  readonly [what: string, action: Action, reason: UpstreamReason, tries: number, given?: Given]
> = [
  ["no answer in time", { _tag: "hang" }, unknown, 3, { timeout: "1 second" }],
  ["a reset connection", { _tag: "reset" }, unknown, 3],
  ["half an answer", { _tag: "truncate" }, unknown, 3],
  ["an error of its own", serverError, unknown, 3],
  ["a page of a proxy", { _tag: "status", status: 502, body: "<html>Bad gateway</html>" }, unknown, 3],
  [
    "an error of its own in HTTP 200",
    {
      _tag: "status",
      status: 200,
      body: { errors: [{ message: "no", extensions: { type: "internal error" } }] }
    },
    unknown,
    3
  ],
  [
    "data beside an unknown error",
    { _tag: "status", status: 200, body: { data: { issues: null }, errors: [{ message: "no" }] } },
    unknown,
    3
  ],
  ["no JSON", { _tag: "malformed" }, { _tag: "Malformed" }, 1],
  ["an answer without end", { _tag: "endless" }, { _tag: "Malformed" }, 1],
  ["another page", { _tag: "status", status: 200, body: "<html>Hello</html>" }, { _tag: "Malformed" }, 1],
  [
    "data of another form",
    { _tag: "status", status: 200, body: { data: { issues: {} } } },
    { _tag: "Malformed" },
    1
  ],
  ["a path that is not there", { _tag: "status", status: 404, body: "Not found" }, { _tag: "Malformed" }, 1],
  ["a rate limit for long", rateLimited(600), { _tag: "RateLimited", retryAfter: 60 }, 1],
  ["a rate limit for a moment", rateLimited(0), { _tag: "RateLimited", retryAfter: 1 }, 3],
  [
    "a refusal",
    refusal("invalid input", "Argument Validation Error", "first must not be less than 1."),
    { _tag: "Rejected", undeclaredInputs: [] },
    1
  ],
  [
    "a lack of rights",
    refusal("forbidden", "Forbidden", "You may not see this."),
    { _tag: "Rejected", undeclaredInputs: [] },
    1
  ],
  [
    "an entity that is not there",
    refusal("invalid input", "Entity not found: Issue", "Could not find referenced Issue."),
    { _tag: "NotFound" },
    1
  ]
]

for (const [what, action, reason, tries, given] of cases) {
  live(
    `${what} is ${reason._tag}, after ${tries} ${tries === 1 ? "try" : "tries"}`,
    Effect.gen(function* () {
      const { control } = yield* LocalLinear
      control.failNext({ times: 3, action })
      assert.deepStrictEqual(yield* reasonOf(page), reason)
      assert.lengthOf(control.calls(), tries)
      const { ended } = yield* UpstreamCalls
      assert.deepStrictEqual(
        ended.map(({ error }) => error?.reason._tag),
        Array.from({ length: tries }, () => reason._tag)
      )
    }),
    given
  )
}

for (const status of [302, 307]) {
  live(
    `a ${status} to another host is not followed, and no request arrives there`,
    Effect.scoped(
      Effect.gen(function* () {
        const { control } = yield* LocalLinear
        const { calls, url } = yield* elsewhere
        control.failNext({ action: { _tag: "status", status, headers: { location: `${url}/graphql` } } })
        assert.deepStrictEqual(yield* reasonOf(page), { _tag: "Malformed" })
        assert.deepStrictEqual(calls(), [])
      })
    )
  )
}

live(
  "a 307 within the host is followed with its document",
  Effect.gen(function* () {
    const { control } = yield* LocalLinear
    control.createIssue({ team: "ENG", title: "here", labels: [pickup] })
    control.failNext({ action: { _tag: "status", status: 307, headers: { location: "?moved" } } })
    assert.lengthOf((yield* page).candidates, 1)
  })
)

live(
  "a fault that passes is not seen by who asked",
  Effect.gen(function* () {
    const { control } = yield* LocalLinear
    control.createIssue({ team: "ENG", title: "here", labels: [pickup] })
    control.failNext({ times: 2, action: serverError })
    assert.lengthOf((yield* page).candidates, 1)
    const { ended } = yield* UpstreamCalls
    assert.deepStrictEqual(
      ended.map(({ error }) => error?.reason._tag ?? "ok"),
      ["Unavailable", "Unavailable", "ok"]
    )
  })
)

live(
  "a small answer that unpacks to 10 MiB is not read beyond 8 MiB",
  Effect.gen(function* () {
    const { control } = yield* LocalLinear
    control.failNext({ action: { _tag: "inflated", mebibytes: 10 } })
    const { message, reason } = yield* Effect.flip(page)
    assert.deepStrictEqual(reason, { _tag: "Malformed" })
    assert.include(message, "is larger than 8 MiB and was not read")
  })
)

live(
  "interruption ends the request at once",
  Effect.gen(function* () {
    const { control } = yield* LocalLinear
    const held = hold(control, "query Page")
    const fiber = yield* Effect.forkChild(page)
    yield* held
    yield* Fiber.interrupt(fiber)
    yield* eventually("the request is cut", Effect.sync(control.held), ({ length }) => length === 0)
    assert.deepStrictEqual((yield* UpstreamCalls).ended, [])
  }),
  { timeout: "1 minute" }
)

it.live("a refused connection was certainly not sent", () =>
  Effect.gen(function* () {
    const LINEAR_API_URL = `${yield* closedPort}/graphql`
    const reason = yield* Effect.provide(reasonOf(page), layer({ env: { LINEAR_API_URL } }))
    assert.deepStrictEqual(reason, { _tag: "Unavailable", delivery: "not_sent" })
  })
)

live(
  "a wrong key is Unauthorized",
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* reasonOf(page), { _tag: "Unauthorized" })
    assert.lengthOf((yield* LocalLinear).control.calls(), 1)
  }),
  { env: { LINEAR_API_KEY: "lin_api_wrong" } }
)

live(
  "without a key nothing is asked",
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* reasonOf(page), { _tag: "NotConfigured", missing: ["LINEAR_API_KEY"] })
    assert.lengthOf((yield* LocalLinear).control.calls(), 0)
  }),
  { env: { LINEAR_API_KEY: "" } }
)

live(
  "an empty budget is tried again after a minute, though its reset is an hour away, and both are reported",
  Effect.gen(function* () {
    const { control } = yield* LocalLinear
    const reset = (yield* Clock.currentTimeMillis) + 3_600_000
    control.setBudget({ requests: { limit: 100, remaining: 0, reset } })
    const reason = yield* reasonOf(page)
    assert.deepStrictEqual(reason, { _tag: "RateLimited", retryAfter: 60 })
    const budgets = (yield* UpstreamCalls).budgets.get("linear") ?? []
    assert.deepStrictEqual(
      budgets.map(({ kind, limit, remaining }) => [kind, limit, remaining]),
      [
        ["requests", 100, 0],
        ["complexity", 3_000_000, 3_000_000]
      ]
    )
    assert.strictEqual(budgets[0]?.resetAt.epochMilliseconds, reset)
  })
)

live(
  "eight requests at once and no more",
  Effect.gen(function* () {
    const { control } = yield* LocalLinear
    control.setLatency(150)
    const fiber = yield* Effect.forkChild(
      Effect.all(
        Array.from({ length: 12 }, () => page),
        { concurrency: 12 }
      )
    )
    yield* Effect.repeat(
      Effect.delay(
        Effect.sync(() => control.calls().length),
        "5 millis"
      ),
      {
        until: (calls) => calls >= 8
      }
    )
    assert.lengthOf(control.calls(), 8)
    yield* Fiber.join(fiber)
    assert.lengthOf(control.calls(), 12)
  })
)
