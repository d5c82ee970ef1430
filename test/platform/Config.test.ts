import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { AppConfig } from "../../src/platform/Config.ts"

const read = (env: Record<string, string>) =>
  Effect.scoped(
    Effect.map(
      Layer.build(AppConfig.layer.pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env))))),
      (context) => Context.get(context, AppConfig)
    )
  )

describe("the configuration", () => {
  it.effect("needs nothing", () =>
    Effect.gen(function* () {
      const config = yield* read({})
      assert.strictEqual(config.PORT, 8080)
      assert.strictEqual(config.DATA_DIR, ".data")
      assert.strictEqual(config.PICKUP_LABEL, "AI-Implement")
      assert.strictEqual(Duration.toMillis(config.pollInterval), 60_000)
      assert.isNull(config.ADMIN_ACCESS_CODE)
      assert.isNull(config.LINEAR_API_KEY)
    })
  )

  it.effect("takes a blank variable as unset", () =>
    Effect.map(read({ PORT: "", PUBLIC_URL: "  " }), ({ PORT, PUBLIC_URL }) => {
      assert.strictEqual(PORT, 8080)
      assert.isNull(PUBLIC_URL)
    })
  )

  it.effect("refuses the service's own Fly app for the session machines", () =>
    Effect.gen(function* () {
      const { message } = yield* Effect.flip(read({ FLY_SESSIONS_APP: "own", FLY_APP_NAME: "own" }))
      assert.include(message, "FLY_SESSIONS_APP must not be the app of this service")
      assert.strictEqual(
        (yield* read({ FLY_SESSIONS_APP: "sessions", FLY_APP_NAME: "own" })).FLY_SESSIONS_APP,
        "sessions"
      )
    })
  )

  it.effect("names every mistake at once, and what to do", () =>
    Effect.gen(function* () {
      const { message } = yield* Effect.flip(
        read({
          PORT: "http",
          POLL_INTERVAL_MS: "999",
          PUBLIC_URL: "ai.test",
          RUNNER_MODE: "lambda",
          GITHUB_APP_PRIVATE_KEY: "not a key",
          DATABASE_URL: "mysql://db"
        })
      )
      for (const part of [
        "PORT must be a whole number",
        "POLL_INTERVAL_MS must be between 1000 and 86400000",
        "PUBLIC_URL must be an http:// or https:// address",
        "RUNNER_MODE",
        "GITHUB_APP_PRIVATE_KEY must be the PEM text",
        "DATABASE_URL must begin with postgres://",
        "Nothing was started"
      ]) {
        assert.include(message, part)
      }
      assert.notInclude(message, "not a key")
    })
  )

  it.effect("accepts a private key with escaped newlines", () =>
    Effect.map(
      read({ GITHUB_APP_PRIVATE_KEY: "-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----" }),
      ({ GITHUB_APP_PRIVATE_KEY: key }) =>
        assert.strictEqual(
          key === null ? null : Redacted.value(key),
          "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----"
        )
    )
  )

  it.effect("shows what is set and where it came from, but never a secret", () =>
    Effect.gen(function* () {
      const { settings } = yield* read({ LINEAR_API_KEY: "lin_canary", PORT: "9000" })
      assert.deepStrictEqual(
        settings.filter(({ name }) => ["LINEAR_API_KEY", "PORT", "HOST"].includes(name)),
        [
          { name: "PORT", value: "9000", source: "env" },
          { name: "HOST", value: "0.0.0.0", source: "default" },
          { name: "LINEAR_API_KEY", value: "(set)", source: "env" }
        ]
      )
      assert.notInclude(JSON.stringify(settings), "canary")
    })
  )
})
