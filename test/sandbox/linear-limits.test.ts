import { assert, describe, it } from "@effect/vitest"
import { RatelimitedLinearError } from "@linear/sdk"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import { apiKey, start } from "../support/linearSandbox.ts"

const me = `{ viewer { id name } }`
const heavy = (first: number) => `{ issues(first: ${first}) { nodes { id labels { nodes { id name } } } } }`

describe("access to the local Linear", () => {
  it.effect("takes the bare key or a bearer token, and refuses any other with 401", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      yield* linear.raw(me, {}, apiKey)
      yield* linear.raw(me, {}, `Bearer ${apiKey}`)
      for (const credential of ["wrong", "Bearer wrong", ""]) {
        const error = yield* linear.refusal(me, {}, credential)
        assert.strictEqual(error.status, 401)
        assert.strictEqual(error.type, "AuthenticationError")
      }
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect("counts complexity by the published formula and returns the rest of the budget", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      const { headers } = yield* linear.raw(
        `query Cost($first: Int) { viewer { id name } issues(first: $first) { ...Part } }
         fragment Part on IssueConnection { nodes { id team { key } } }`,
        { first: 10 }
      )
      assert.strictEqual(headers?.get("x-complexity"), `${Math.ceil(1.2 + 1 + 10 * (1 + 0.1 + 1.1))}`)
      assert.strictEqual(headers?.get("x-ratelimit-requests-limit"), "2500")
      assert.strictEqual(headers?.get("x-ratelimit-requests-remaining"), "2499")
      assert.strictEqual(headers?.get("x-ratelimit-requests-reset"), "3600000")
      assert.strictEqual(headers?.get("x-ratelimit-complexity-remaining"), `${3_000_000 - 25}`)
    })
  )

  it.effect("refuses a query above 10 000 points before it runs", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      yield* linear.raw(heavy(50))
      const error = yield* linear.refusal(heavy(250))
      assert.strictEqual(error.status, 400)
      assert.include(error.message, "Query too complex")
      assert.strictEqual(linear.control.violations().length, 1)
    })
  )

  it.effect("answers RATELIMITED with 400 when the requests of the hour are spent, until the reset", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      linear.control.setBudget({ requests: { remaining: 1 } })
      yield* linear.raw(me)
      yield* TestClock.adjust("10 minutes")
      const error = yield* linear.refusal(me)
      assert.instanceOf(error, RatelimitedLinearError)
      assert.strictEqual(error.status, 400)
      assert.strictEqual(error.requestsRemaining, 0)
      assert.strictEqual(error.requestsResetAt, 3_600_000)
      assert.strictEqual(error.retryAfter, 3000)

      yield* TestClock.adjust("50 minutes")
      const { headers } = yield* linear.raw(me)
      assert.strictEqual(headers?.get("x-ratelimit-requests-remaining"), "2499")
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect("answers RATELIMITED when the points of the hour do not suffice, and takes none", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      linear.control.setBudget({ complexity: { limit: 1000, remaining: 10 } })
      const error = yield* linear.refusal(heavy(5))
      assert.instanceOf(error, RatelimitedLinearError)
      assert.strictEqual(error.complexityLimit, 1000)
      assert.strictEqual(error.complexityRemaining, 10)
      const Status = Schema.Struct({
        rateLimitStatus: Schema.Struct({
          limits: Schema.Array(Schema.Struct({ type: Schema.String, remainingAmount: Schema.Finite }))
        })
      })
      const { rateLimitStatus } = yield* linear.ask(Status)(
        `{ rateLimitStatus { limits { type remainingAmount } } }`
      )
      assert.deepStrictEqual(rateLimitStatus.limits, [
        { type: "requests", remainingAmount: 2498 },
        { type: "complexity", remainingAmount: 7 }
      ])
    })
  )

  it.effect("refuses pages above 250 and cursors it never gave", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      for (const args of ["first: 251", "first: 0", "first: 1, last: 1", `after: "x"`]) {
        const error = yield* linear.refusal(`{ teams(${args}) { nodes { id } } }`)
        assert.strictEqual(error.type, "InvalidInput", args)
      }
      assert.deepStrictEqual(linear.control.violations(), [])
    })
  )

  it.effect("is controlled over HTTP too", () =>
    Effect.gen(function* () {
      const linear = yield* start()
      const base = linear.url.replace("/graphql", "/_control")
      const send = (method: "POST" | "PUT" | "DELETE", path: string, body: unknown = {}) =>
        HttpClient.execute(
          HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.make(method)(`${base}${path}`), body)
        )
      const created = yield* send("POST", "/issues", { team: "ENG", title: "New", labels: ["AI-Implement"] })
      assert.strictEqual(created.status, 201)
      assert.deepStrictEqual(linear.control.issueByIdentifier("ENG-48")?.labels, ["AI-Implement"])
      assert.strictEqual((yield* send("PUT", "/issues/ENG-48/state", "In Review")).status, 200)
      assert.strictEqual((yield* send("PUT", "/issues/ENG-48/labels", [])).status, 200)
      assert.strictEqual((yield* send("POST", "/issues/ENG-48/comments", { body: "Hello" })).status, 200)
      const seen = linear.control.issueByIdentifier("ENG-48")
      assert.strictEqual(seen?.state.name, "In Review")
      assert.deepStrictEqual(seen?.labels, [])
      assert.strictEqual(seen?.comments.length, 1)
      assert.strictEqual((yield* send("PUT", "/budget", { requests: { remaining: 0 } })).status, 204)
      assert.instanceOf(yield* linear.refusal(me), RatelimitedLinearError)
      assert.strictEqual((yield* send("DELETE", "/issues/ENG-48")).status, 204)
      assert.strictEqual((yield* HttpClient.get(`${base}/issues/ENG-48`)).status, 404)
      assert.strictEqual((yield* send("PUT", "/issues/ENG-99/labels", [])).status, 400)
      assert.strictEqual((yield* HttpClient.get(`${base}/calls`)).status, 200)
    }).pipe(Effect.provide(FetchHttpClient.layer))
  )
})
