import { assert, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Fly } from "../../../src/upstreams/fly/Fly.ts"
import { Fly as Sandbox } from "../../../src/sandbox/Fly.ts"
import type { Action } from "../../../src/sandbox/Upstream.ts"
import type { UpstreamReason } from "../../../src/upstreams/UpstreamError.ts"
import { closedPort } from "../../support/closedPort.ts"
import { eventually } from "../../support/eventually.ts"
import { elsewhere } from "../../support/elsewhere.ts"
import { hold } from "../../support/hold.ts"
import { unknownHost } from "../../support/resolver.ts"
import { notSent, rejected, unknown } from "../../support/upstreamFailure.ts"
import { UpstreamCalls } from "../../support/upstreamsDouble.ts"
import {
  app,
  asked,
  failureOf,
  type Given,
  layer,
  live,
  reasonOf,
  request,
  values
} from "../../support/flyClient.ts"

const calls = {
  Machines_list: Effect.flatMap(Fly, (fly) => fly.list(app)),
  Machines_show: Effect.flatMap(Fly, (fly) => fly.get({ app, id: "148e21ea7e4228" })),
  Machines_delete: Effect.flatMap(Fly, (fly) => fly.destroy({ app, id: "148e21ea7e4228" })),
  Secrets_list: Effect.flatMap(Fly, (fly) => fly.secrets.list(app)),
  Secrets_update: Effect.flatMap(Fly, (fly) => fly.secrets.set(app, values({ A: "very-secret" }))),
  Secret_delete: Effect.flatMap(Fly, (fly) => fly.secrets.delete(app, "A"))
}
const read = calls.Machines_list
const match = "Machines_list"

const status = (
  code: number,
  body: object = { error: "no" },
  headers: Record<string, string> = {}
): Action => ({
  _tag: "status",
  status: code,
  headers,
  body
})

const cases: ReadonlyArray<
  readonly [what: string, action: Action, reason: UpstreamReason, tries: number, given?: Given]
> = [
  ["no answer in time", { _tag: "hang" }, unknown, 3, { timeout: "1 second" }],
  ["an answer that never comes", { _tag: "hangAfter" }, unknown, 3, { timeout: "1 second" }],
  ["a reset connection", { _tag: "reset" }, unknown, 3],
  ["half an answer", { _tag: "truncate" }, unknown, 3],
  ["an empty answer", { _tag: "status", status: 200, body: "" }, unknown, 3],
  ["an error of its own", status(502), unknown, 3],
  ["a gateway's page", { _tag: "status", status: 503, body: "<html>" }, unknown, 3],
  ["no JSON", { _tag: "malformed" }, { _tag: "Malformed" }, 1],
  ["an answer without end", { _tag: "endless" }, { _tag: "Malformed" }, 1],
  ["a body of another form", status(200, { a: 1 }), { _tag: "Malformed" }, 1],
  ["another address", status(302, {}, { location: "/v1/apps" }), { _tag: "Malformed" }, 1],
  [
    "a rate limit for long",
    status(429, {}, { "retry-after": "60" }),
    { _tag: "RateLimited", retryAfter: 60 },
    1
  ],
  ["a rate limit without a time", status(429), { _tag: "RateLimited", retryAfter: 1 }, 3],
  ["a refused token", status(401, { error: "unauthorized" }), { _tag: "Unauthorized" }, 1],
  ["a lack of rights", status(403), rejected, 1],
  ["a refusal", status(400), rejected, 1],
  ["a conflict", status(409), rejected, 1],
  ["what is not there", status(404), { _tag: "NotFound" }, 1]
]

for (const [what, action, reason, tries, given] of cases) {
  live(
    `${what} is ${reason._tag}, after ${tries} ${tries === 1 ? "try" : "tries"}`,
    Effect.gen(function* () {
      const { control } = yield* Sandbox
      control.failNext({ match, times: 3, action })
      assert.deepStrictEqual(yield* reasonOf(read), reason)
      assert.lengthOf(yield* asked, tries)
      const { ended } = yield* UpstreamCalls
      assert.deepStrictEqual(
        ended.map(({ error, name }) => [name, error?.reason._tag ?? "ok"]),
        Array.from({ length: tries }, () => ["fly", reason._tag])
      )
    }),
    given
  )
}

live(
  "a redirect to another host is not followed, and no request arrives there",
  Effect.scoped(
    Effect.gen(function* () {
      const { control } = yield* Sandbox
      const { calls: arrived, url } = yield* elsewhere
      control.failNext({ match, action: status(307, {}, { location: `${url}/v1/apps` }) })
      assert.deepStrictEqual(yield* reasonOf(read), { _tag: "Malformed" })
      assert.deepStrictEqual(arrived(), [])
    })
  )
)

for (const [operation, call] of Object.entries(calls)) {
  live(
    `${operation} is asked again after a fault that passes, and names itself when it does not`,
    Effect.gen(function* () {
      const { control, putMachine, vanish } = yield* Sandbox
      const { id } = yield* putMachine({ app, name: "one" })
      yield* Effect.orDie(vanish(id))
      control.failNext({ match: operation, action: status(500) })
      yield* Effect.ignore(call)
      assert.deepStrictEqual(yield* asked, [operation, operation])
      control.failNext({ match: operation, times: 3, action: status(500) })
      const { message, reason } = yield* failureOf(call)
      assert.deepStrictEqual(reason, unknown)
      assert.include(message, "Fly failed (500) when asked to ")
      const tags = (yield* UpstreamCalls).ended.map(({ error }) => error?.reason._tag)
      assert.strictEqual(tags.filter((tag) => tag === "Unavailable").length, 4)
    })
  )
}

live(
  "a limit that is used up is shown as a budget until it opens again",
  Effect.gen(function* () {
    const { control } = yield* Sandbox
    const before = yield* Clock.currentTimeMillis
    control.failNext({ match, action: status(429, {}, { "retry-after": "60" }) })
    yield* reasonOf(read)
    const [budget] = (yield* UpstreamCalls).budgets.get("fly") ?? []
    assert.deepInclude(budget, { kind: "requests", limit: 1, remaining: 0 })
    assert.isAtLeast(budget?.resetAt.epochMilliseconds ?? 0, before + 60_000)
  })
)

live(
  "a small answer that unpacks to 10 MiB is not read beyond 8 MiB",
  Effect.gen(function* () {
    const { control } = yield* Sandbox
    control.failNext({ match, action: { _tag: "inflated", mebibytes: 10 } })
    const { message, reason } = yield* failureOf(read)
    assert.deepStrictEqual(reason, { _tag: "Malformed" })
    assert.include(message, "is larger than 8 MiB and was not read")
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
    const FLY_API_URL = yield* closedPort
    const create = Effect.flatMap(Fly, (fly) => fly.create(request))
    const given = layer({ env: { FLY_API_URL } })
    assert.deepStrictEqual(yield* Effect.provide(reasonOf(read), given), notSent)
    const { message, reason } = yield* Effect.provide(failureOf(create), given)
    assert.deepStrictEqual(reason, notSent)
    assert.include(message, "Nothing was sent; check FLY_API_URL")
  })
)

it.live("a host without an address was certainly not called", () =>
  Effect.gen(function* () {
    const { host } = yield* unknownHost
    const given = layer({ env: { FLY_API_URL: `http://${host}:8080/v1` } })
    assert.deepStrictEqual(yield* Effect.provide(reasonOf(read), given), notSent)
  })
)

live(
  "without a token nothing is asked",
  Effect.gen(function* () {
    const missing = ["FLY_SESSIONS_TOKEN"]
    const fly = yield* Fly
    for (const call of [...Object.values(calls), fly.create(request)]) {
      assert.deepStrictEqual(yield* reasonOf<unknown, Fly>(call), { _tag: "NotConfigured", missing })
    }
    assert.deepStrictEqual(yield* asked, [])
  }),
  { env: { FLY_SESSIONS_TOKEN: "" } }
)

live(
  "a token that Fly does not know is Unauthorized, and is not shown",
  Effect.gen(function* () {
    const { message, reason } = yield* failureOf(read)
    assert.deepStrictEqual(reason, { _tag: "Unauthorized" })
    assert.include(message, "FLY_SESSIONS_TOKEN")
    assert.notInclude(message, "stranger")
  }),
  { env: { FLY_SESSIONS_TOKEN: "stranger" } }
)

live(
  "a token that is no macaroon goes as a bearer",
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* read, [])
  }),
  { env: { FLY_SESSIONS_TOKEN: "plain" }, options: { tokens: [{ token: "plain" }] } }
)
