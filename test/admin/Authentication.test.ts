import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { clientOf } from "../../src/admin/Authentication/address.ts"
import { lockFor } from "../../src/admin/Authentication/lockout.ts"
import {
  Authentication,
  type Token,
  type TooManyTries,
  type WrongCode
} from "../../src/admin/Authentication.ts"
import * as Duration from "effect/Duration"
import { config } from "../support/config.ts"
import { TestDb } from "../support/TestDb.ts"

const code = "a-code-of-the-tests-only"
const shortCode = "19-letters-of-tests"

const authentication = (accessCode = code) =>
  Layer.fresh(Authentication.layer).pipe(Layer.provide(config({ ADMIN_ACCESS_CODE: accessCode })))

const withAuthentication = <A, E>(self: Effect.Effect<A, E, Authentication | SqlClient.SqlClient>) =>
  self.pipe(Effect.provide(authentication().pipe(Layer.provideMerge(TestDb))))

const said = Result.match({
  onSuccess: (_: Token) => "signed in",
  onFailure: (error: WrongCode | TooManyTries) =>
    error._tag === "WrongCode" ? "wrong" : `wait ${error.retryAfter} s`
})

const attempt = (given: string, address = "192.0.2.1") =>
  Effect.flatMap(Authentication, (authentication) =>
    authentication.signIn({ code: given, name: "Ada", address })
  ).pipe(Effect.result, Effect.map(said))

const signIn = (address = "192.0.2.1") =>
  Effect.flatMap(Authentication, (authentication) => authentication.signIn({ code, name: "Ada", address }))

const verify = (token: string) =>
  Effect.flatMap(Authentication, (authentication) => authentication.verify(token))

const wrong = (times: number, address?: string) =>
  Effect.forEach(Array.from({ length: times }), () => attempt("wrong", address))

const withShortCode = <A, E>(self: Effect.Effect<A, E, Authentication | SqlClient.SqlClient>) =>
  self.pipe(Effect.provide(authentication(shortCode).pipe(Layer.provideMerge(TestDb))))

/** Wrong codes from as many clients as needed to use the hour's budget up. */
const useBudgetUp = Effect.forEach(Array.from({ length: 60 }), (_, index) =>
  attempt("wrong", `198.51.100.${index}`)
)

describe("a session", () => {
  it.effect("is made by the access code, ends after 24 h and is stored without its token", () =>
    Effect.gen(function* () {
      const { token } = yield* signIn()
      assert.match(token, /^[A-Za-z0-9_-]{43}$/)
      assert.strictEqual((yield* verify(token))?.name, "Ada")
      yield* TestClock.adjust("24 hours")
      assert.isNull(yield* verify(token))
      const sql = yield* SqlClient.SqlClient
      const stored = yield* sql`select row_to_json(s)::text as text from admin_sessions s`
      assert.notInclude(JSON.stringify(stored), token)
    }).pipe(withAuthentication)
  )

  it.effect("ends when it is signed out, and no other one does", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* signIn(), yield* signIn()]
      const admin = yield* verify(one.token)
      const { signOut } = yield* Authentication
      yield* signOut({ name: "Ada", session: admin?.session ?? null, address: null })
      assert.isNull(yield* verify(one.token))
      assert.isNotNull(yield* verify(other.token))
      assert.isNull(yield* verify("A".repeat(43)))
      assert.isNull(yield* verify(""))
    }).pipe(withAuthentication)
  )

  it.effect("ends when the service starts with another access code, and only then", () =>
    Effect.gen(function* () {
      const { token } = yield* signIn().pipe(Effect.provide(authentication()))
      assert.isNotNull(yield* verify(token).pipe(Effect.provide(authentication())))
      assert.isNull(yield* verify(token).pipe(Effect.provide(authentication("another-code-of-the-tests"))))
      const sql = yield* SqlClient.SqlClient
      const stored = yield* sql`select access_code_digest as digest from instance`
      assert.match(String(stored[0]?.["digest"]), /^scrypt:/)
    }).pipe(Effect.provide(TestDb))
  )
})

describe("wrong access codes", () => {
  it.effect("lock their client out after five, longer each time, even for the right code", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* wrong(6), ["wrong", "wrong", "wrong", "wrong", "wrong", "wait 30 s"])
      assert.strictEqual(yield* attempt(code), "wait 30 s")
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(yield* attempt(code), "wait 1 s")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* wrong(2), ["wrong", "wait 60 s"])
      assert.strictEqual(yield* attempt(code, "192.0.2.2"), "signed in")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* attempt(code), "signed in")
      assert.deepStrictEqual(yield* wrong(5), ["wrong", "wrong", "wrong", "wrong", "wrong"])
    }).pipe(withAuthentication)
  )

  it.effect("count however many are sent at once", () =>
    Effect.gen(function* () {
      const all = yield* Effect.forEach(Array.from({ length: 20 }), () => attempt("wrong"), {
        concurrency: "unbounded"
      })
      assert.strictEqual(all.filter((each) => each === "wrong").length, 5)
    }).pipe(withAuthentication)
  )

  it.effect("of one IPv6 network count together", () =>
    Effect.gen(function* () {
      yield* wrong(5, "2001:db8:0:1::1")
      assert.strictEqual(yield* attempt(code, "2001:db8:0:1:ffff::2"), "wait 30 s")
      assert.strictEqual(yield* attempt(code, "2001:db8:0:2::1"), "signed in")
    }).pipe(withAuthentication)
  )

  it.effect(
    "of all clients use up an hourly budget, which does not block clients that signed in lately",
    () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* attempt(shortCode, "203.0.113.1"), "signed in")
        yield* useBudgetUp
        assert.strictEqual(yield* attempt(shortCode, "203.0.113.2"), "wait 3600 s")
        assert.strictEqual(yield* attempt(shortCode, "203.0.113.1"), "signed in")
        yield* TestClock.adjust("61 minutes")
        assert.strictEqual(yield* attempt(shortCode, "203.0.113.2"), "signed in")
        yield* TestClock.adjust("31 days")
        yield* useBudgetUp
        assert.strictEqual(yield* attempt(shortCode, "203.0.113.1"), "wait 3600 s")
      }).pipe(withShortCode)
  )

  it.effect("of all clients do not block an operator on the machine itself", () =>
    Effect.gen(function* () {
      yield* useBudgetUp
      assert.strictEqual(yield* attempt(shortCode, "203.0.113.2"), "wait 3600 s")
      for (const here of ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"]) {
        assert.strictEqual(yield* attempt(shortCode, here), "signed in", here)
      }
      yield* wrong(5, "127.0.0.1")
      assert.strictEqual(yield* attempt(shortCode, "127.0.0.1"), "wait 30 s")
    }).pipe(withShortCode)
  )

  it.effect("of all clients block no other client where the code has 20 characters or more", () =>
    Effect.gen(function* () {
      yield* useBudgetUp
      yield* useBudgetUp
      assert.strictEqual(yield* attempt(code, "203.0.113.2"), "signed in")
      assert.strictEqual(yield* attempt("wrong", "203.0.113.3"), "wrong")
    }).pipe(withAuthentication)
  )

  it.effect("and lock-outs are in the audit with their address and no name, 60 in an hour", () =>
    Effect.gen(function* () {
      yield* wrong(6)
      const sql = yield* SqlClient.SqlClient
      const entries = sql`select actor_name, actor_address, action, after from audit order by id`
      const wrongCode = (failures: number) => ({
        actorName: null,
        actorAddress: "192.0.2.1",
        action: "sign_in.wrong_code",
        after: { failures }
      })
      assert.deepStrictEqual(yield* entries, [
        ...[1, 2, 3, 4].map(wrongCode),
        { ...wrongCode(5), action: "sign_in.locked", after: { failures: 5, lockedSeconds: 30 } }
      ])
      yield* useBudgetUp
      assert.lengthOf(yield* entries, 60)
      yield* TestClock.adjust("1 hour")
      yield* wrong(1, "203.0.113.9")
      assert.lengthOf(yield* entries, 61)
    }).pipe(withAuthentication)
  )

  it.effect("are cleared after a day", () =>
    Effect.gen(function* () {
      yield* wrong(4)
      yield* TestClock.adjust("25 hours")
      assert.deepStrictEqual(yield* wrong(5), ["wrong", "wrong", "wrong", "wrong", "wrong"])
    }).pipe(withAuthentication)
  )
})

describe("the lock-out", () => {
  it("grows from 30 s to an hour", () => {
    const seconds = [1, 4, 5, 6, 7, 11, 12, 1000].map((failures) => {
      const lock = lockFor(failures)
      return lock === null ? null : Duration.toSeconds(lock)
    })
    assert.deepStrictEqual(seconds, [null, null, 30, 60, 120, 1920, 3600, 3600])
  })

  it("knows a client by its IPv4 address or its IPv6 network", () => {
    const clients = ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "fe80::1%eth0", "unknown"].map(clientOf)
    assert.deepStrictEqual(clients, ["192.0.2.1", "192.0.2.1", "2001:db8::/64", "fe80::/64", "unknown"])
  })
})

describe("two thousand wrong codes", () => {
  it.effect(
    "from one address are locked out early, and the right code works after the lock-out",
    () =>
      Effect.gen(function* () {
        const said = yield* wrong(2000)
        assert.lengthOf(
          said.filter((each) => each === "wrong"),
          5
        )
        assert.strictEqual(yield* attempt(code, "198.51.100.7"), "signed in")
        yield* TestClock.adjust("30 seconds")
        assert.strictEqual(yield* attempt(code), "signed in")
      }).pipe(withAuthentication),
    60_000
  )

  it.effect(
    "from many addresses use up the hour, but not for those who signed in before",
    () =>
      Effect.gen(function* () {
        yield* attempt(shortCode, "203.0.113.5")
        const said = yield* Effect.forEach(Array.from({ length: 2000 }), (_, index) =>
          attempt("wrong", `10.0.${Math.floor(index / 250)}.${index % 250}`)
        )
        assert.lengthOf(
          said.filter((each) => each === "wrong"),
          60
        )
        assert.match(yield* attempt(shortCode, "203.0.113.6"), /^wait /)
        assert.strictEqual(yield* attempt(shortCode, "203.0.113.5"), "signed in")
        yield* TestClock.adjust("1 hour")
        assert.strictEqual(yield* attempt(shortCode, "203.0.113.6"), "signed in")
      }).pipe(withShortCode),
    60_000
  )
})
