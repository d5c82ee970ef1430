import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { serve } from "../../src/sandbox/Upstream.ts"
import { ConnectionTests } from "../../src/operations/ConnectionTests.ts"
import { start } from "../support/engine.ts"

const connectionTestsOf = ({ services }: Effect.Success<ReturnType<typeof start>>) =>
  Layer.build(ConnectionTests.layer).pipe(Effect.map(Context.get(ConnectionTests)), Effect.provide(services))

describe("a connection test", () => {
  it.live("says that all is well, and sends one notification", () =>
    Effect.gen(function* () {
      const messenger = yield* serve({ name: "messenger", handler: () => Effect.succeed({ status: 200 }) })
      const engine = yield* start({ fly: {}, env: { NOTIFY_WEBHOOK_URL: messenger.url } })
      const connections = yield* connectionTestsOf(engine)
      for (const [what, said] of [
        ["linear", "accepts the key"],
        ["github", "the App's key"],
        ["fly", "the app sessions"],
        ["notification", "accepted"]
      ] as const) {
        const connectionTest = yield* connections.test(what)
        assert.deepInclude(connectionTest, { what, ok: true })
        assert.include(connectionTest.message, said)
      }
      assert.lengthOf(messenger.control.calls(), 1)
    })
  )

  it.live("says what is not set", () =>
    Effect.gen(function* () {
      const env = { LINEAR_API_KEY: "", GITHUB_APP_ID: "" }
      const connections = yield* connectionTestsOf(yield* start({ env, mapping: null }))
      for (const [what, said] of [
        ["linear", "LINEAR_API_KEY"],
        ["github", "GITHUB_APP_ID"],
        ["fly", "no app is set"],
        ["notification", "NOTIFY_WEBHOOK_URL"]
      ] as const) {
        const connectionTest = yield* connections.test(what)
        assert.deepInclude(connectionTest, { what, ok: false })
        assert.include(connectionTest.message, said)
      }
    })
  )

  it.live("says what the other side answers", () =>
    Effect.gen(function* () {
      const engine = yield* start()
      const connections = yield* connectionTestsOf(engine)
      engine.linear.failNext({ times: Infinity, action: { _tag: "status", status: 401, body: {} } })
      assert.deepInclude(yield* connections.test("linear"), { ok: false })
      engine.github.control.failNext({ times: Infinity, action: { _tag: "status", status: 503 } })
      assert.include((yield* connections.test("github")).message, "GitHub failed (503)")
    })
  )
})
