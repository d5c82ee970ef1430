import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { refused, setup } from "../support/flySandbox.ts"

it.live("a macaroon is sent unchanged, any other token as a bearer, and nothing else is accepted", () =>
  Effect.gen(function* () {
    const { fly, machines, send } = yield* setup({
      tokens: [{ token: "FlyV1 fm2_a" }, { token: "plain", apps: ["other"] }]
    })
    fly.putApp("other")
    const as = (token: string, path = machines) => send("GET", path, { token })
    assert.strictEqual((yield* as("FlyV1 fm2_a")).status, 200)
    assert.strictEqual((yield* as("Bearer plain", "/apps/other/machines")).status, 200)
    yield* refused(403, "not allowed", as("Bearer plain"))
    for (const wrong of ["Bearer FlyV1 fm2_a", "plain", "fm2_a", ""]) {
      yield* refused(401, "unauthorized", as(wrong))
    }
    fly.revokeTokens()
    yield* refused(401, "unauthorized", as("FlyV1 fm2_a"))
    assert.deepStrictEqual(fly.control.violations(), [])
  })
)

it.effect("each action takes one request a second for each machine or app, three at once", () =>
  Effect.gen(function* () {
    const { fly, machines, send } = yield* setup({ rateLimits: true })
    const statuses = (path: string, times: number) =>
      Effect.forEach(Array.from({ length: times }), () =>
        Effect.map(send("GET", path), ({ status }) => status)
      )
    assert.deepStrictEqual(yield* statuses(machines, 4), [200, 200, 200, 429])
    assert.deepStrictEqual(yield* statuses("/apps/sessions/secrets", 1), [200])
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(yield* statuses(machines, 2), [200, 429])
    const { id } = yield* fly.putMachine({ app: "sessions", name: "one" })
    const shown = yield* statuses(`${machines}/${id}`, 11)
    assert.deepStrictEqual(shown.slice(-2), [200, 429])
    assert.deepStrictEqual(yield* statuses(`${machines}/none`, 1), [404])
    fly.setRateLimits(false)
    assert.deepStrictEqual(yield* statuses(machines, 5), [200, 200, 200, 200, 200])
    assert.deepStrictEqual(fly.control.violations(), [])
  })
)
