import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { accessCode, client, send, server, signIn } from "../support/httpServer.ts"

const wrong = (from?: string) => signIn("wrong", from === undefined ? {} : { from })

describe("signing in", () => {
  it.effect("gives a token for 24 h; signing out ends it", () =>
    Effect.gen(function* () {
      const answer = yield* signIn(accessCode, { name: "Ada" })
      assert.strictEqual(answer.status, 200)
      assert.match(answer.body, /^\{"token":"[\w-]{43}","expiresAt":"1970-01-02T00:00:00.000Z"\}$/)
      const { call } = yield* client
      assert.strictEqual((yield* call("GET", "/api/dedup")).status, 200)
      assert.strictEqual((yield* call("DELETE", "/api/auth")).status, 204)
      assert.strictEqual((yield* call("GET", "/api/dedup")).status, 401)
      const later = yield* client
      yield* TestClock.adjust("24 hours")
      assert.strictEqual((yield* later.call("GET", "/api/dedup")).status, 401)
    }).pipe(Effect.provide(server()))
  )

  it.effect("with a wrong code gets 401, then 429 with Retry-After", () =>
    Effect.gen(function* () {
      const first = yield* wrong()
      assert.strictEqual(first.status, 401)
      assert.include(first.body, `"_tag":"InvalidAccessCode"`)
      for (let n = 2; n <= 5; n++) yield* wrong()
      const locked = yield* signIn()
      assert.deepStrictEqual([locked.status, locked.headers["retry-after"]], [429, "30"])
      assert.include(locked.body, `"_tag":"TooManyAttempts"`)
      assert.include(locked.body, `"retryAfter":30`)
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual((yield* signIn()).status, 200)
    }).pipe(Effect.provide(server()))
  )

  it.effect("needs a code and takes a name of at most 64 characters, and nothing else", () =>
    Effect.gen(function* () {
      const bodies = [
        {},
        { code: "" },
        { code: 5 },
        { code: accessCode, name: "" },
        { code: accessCode, name: "x".repeat(65) },
        { code: accessCode, name: "a\u0000" },
        { code: accessCode, more: 1 },
        { code: "x".repeat(1025) },
        null,
        [],
        ""
      ]
      for (const body of bodies) {
        const answer = yield* send("/api/auth", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body)
        })
        assert.strictEqual(answer.status, 400, JSON.stringify(body))
      }
    }).pipe(Effect.provide(server()))
  )

  it.effect("is counted by the address that the trusted proxies saw", () =>
    Effect.gen(function* () {
      const locked = (from: string) =>
        Effect.map(signIn(accessCode, { from }), ({ status }) => status === 429)
      for (let n = 1; n <= 5; n++) yield* wrong(`203.0.113.${n}, 192.0.2.1, 10.0.0.${n}`)
      assert.isTrue(yield* locked("198.51.100.1, 192.0.2.1, 10.0.0.9"))
      assert.isFalse(yield* locked("192.0.2.1, 192.0.2.2, 10.0.0.9"))
      for (let n = 1; n <= 5; n++) yield* wrong(`[2001:db8::${n}]:80, 10.0.0.1`)
      assert.isTrue(yield* locked("2001:db8::ffff, 10.0.0.1"))
      assert.isFalse(yield* locked("not an address, 10.0.0.1"))
      const sql = yield* SqlClient.SqlClient
      const [last] = yield* sql`select actor_address from audit order by id desc limit 1`
      assert.strictEqual(last?.["actorAddress"], "127.0.0.1")
    }).pipe(Effect.provide(server({ TRUST_PROXY: "2" })))
  )

  it.effect("is counted by the peer's address where a trusted proxy reports what is no address", () =>
    Effect.gen(function* () {
      for (let n = 1; n <= 5; n++) yield* wrong(`203.0.113.${n}, ")(*`)
      assert.strictEqual((yield* signIn()).status, 429)
      assert.strictEqual((yield* signIn(accessCode, { from: "203.0.113.1" })).status, 200)
      const sql = yield* SqlClient.SqlClient
      assert.deepStrictEqual(yield* sql`select address from auth_attempts`, [{ address: "127.0.0.1" }])
    }).pipe(Effect.provide(proxied))
  )

  it.effect("is counted by the peer's address where no proxy is trusted", () =>
    Effect.gen(function* () {
      for (let n = 1; n <= 5; n++) yield* wrong(`203.0.113.${n}`)
      assert.strictEqual((yield* signIn(accessCode, { from: "203.0.113.99" })).status, 429)
    }).pipe(Effect.provide(server()))
  )
})

describe("a request through a proxy", () => {
  for (const [title, trust, header, expected] of [
    ["is named once in the log and in the set-up while none is trusted", "0", "x-forwarded-for", 1],
    ["is named however it says so", "0", "forwarded", 1],
    ["is not named where proxies are trusted", "1", "x-forwarded-for", 0]
  ] as const) {
    it.effect(title, () => {
      const logged: Array<string> = []
      const log = Logger.make<unknown, void>(({ message }) => void logged.push(String(message)))
      const warnings = () => logged.filter((line) => line.includes("TRUST_PROXY"))
      return Effect.gen(function* () {
        const { call } = yield* client
        const setup = Effect.map(call("GET", "/api/overview"), ({ body }) =>
          body.includes("TRUST_PROXY is 0")
        )
        assert.isFalse(yield* setup)
        assert.lengthOf(warnings(), 0)
        for (let n = 0; n < 2; n++) yield* send("/health/live", { headers: { [header]: "for=203.0.113.1" } })
        assert.lengthOf(warnings(), expected)
        assert.strictEqual(yield* setup, expected > 0)
      }).pipe(Effect.provide(Layer.provideMerge(server({ TRUST_PROXY: trust }), Logger.layer([log]))))
    })
  }
})

const proxied = server({ TRUST_PROXY: "1" })
const shortCode = "a-code-of-the-tests"

/** How many of two thousand wrong codes got each answer, and how long the refused ones have to wait. */
const twoThousand = Effect.fnUntraced(function* (from: (nth: number) => string) {
  const answers = yield* Effect.forEach(Array.from({ length: 2000 }), (_, nth) => wrong(from(nth)), {
    concurrency: 16
  })
  const refused = answers.filter(({ status }) => status === 429)
  return {
    checked: answers.filter(({ status }) => status === 401).length,
    refused: refused.length,
    waits: refused.map(({ headers }) => Number(headers["retry-after"]))
  }
})

describe("two thousand wrong codes", () => {
  it.effect(
    "from one address lock out that address only, until the time in the response",
    () =>
      Effect.gen(function* () {
        const operator = yield* client
        const { checked, refused, waits } = yield* twoThousand(() => "198.51.100.1")
        assert.deepStrictEqual([checked, refused], [5, 1995])
        assert.deepStrictEqual([...new Set(waits)], [30])
        assert.strictEqual((yield* signIn(accessCode, { from: "198.51.100.1" })).status, 429)
        assert.strictEqual((yield* signIn(accessCode, { from: "198.51.100.2" })).status, 200)
        assert.strictEqual((yield* operator.call("GET", "/api/dedup")).status, 200)
        assert.strictEqual((yield* signIn()).status, 200)
        yield* TestClock.adjust("30 seconds")
        assert.strictEqual((yield* signIn(accessCode, { from: "198.51.100.1" })).status, 200)
      }).pipe(Effect.provide(proxied)),
    60_000
  )

  it.effect(
    "from many addresses use up the hour, but not for an operator who signed in before",
    () =>
      Effect.gen(function* () {
        const operator = "203.0.113.5"
        assert.strictEqual((yield* signIn(shortCode, { from: operator })).status, 200)
        const { checked, refused, waits } = yield* twoThousand((nth) => `10.0.${nth >> 8}.${nth & 255}`)
        assert.deepStrictEqual([checked, refused], [60, 1940])
        assert.deepStrictEqual([...new Set(waits)], [3600])
        const sql = yield* SqlClient.SqlClient
        const stored = yield* sql`select (select count(*) from auth_attempts)::int as clients,
          (select count(*) from auth_failures)::int as failures`
        assert.deepStrictEqual(stored, [{ clients: 60, failures: 60 }])
        const stranger = yield* signIn(shortCode, { from: "203.0.113.6" })
        assert.deepStrictEqual([stranger.status, stranger.headers["retry-after"]], [429, "3600"])
        assert.strictEqual((yield* signIn(shortCode, { from: operator })).status, 200)
        assert.strictEqual((yield* wrong(operator)).status, 401)
        yield* TestClock.adjust("1 hour")
        assert.strictEqual((yield* signIn(shortCode, { from: "203.0.113.6" })).status, 200)
      }).pipe(Effect.provide(server({ TRUST_PROXY: "1", ADMIN_ACCESS_CODE: shortCode }))),
    60_000
  )
})
