import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { environment } from "../../src/platform/Config/environment.ts"
import { settings } from "../../src/sandbox/settings.ts"

const read = (env: Readonly<Record<string, string>>) =>
  settings.pipe(Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(env))))

describe("the settings of the sandbox", () => {
  it.effect("have defaults, also for what is blank", () =>
    Effect.gen(function* () {
      const expected = { service: {}, directory: ".data/sandbox", speed: 1, agent: "mixed" }
      assert.deepStrictEqual(yield* read({}), expected)
      assert.deepStrictEqual(yield* read({ SANDBOX_DIR: " ", PORT: "", LOG_LEVEL: " " }), expected)
    })
  )

  it.effect("take a short list of the service's settings and no other", () =>
    Effect.gen(function* () {
      const every = Object.fromEntries(Object.keys(environment.fields).map((name) => [name, `of ${name}`]))
      const found = yield* read({ ...every, SANDBOX_DIR: "elsewhere", SANDBOX_SPEED: "2.5" })
      assert.deepStrictEqual(found, {
        service: {
          PORT: "of PORT",
          HOST: "of HOST",
          ADMIN_ACCESS_CODE: "of ADMIN_ACCESS_CODE",
          LOG_LEVEL: "of LOG_LEVEL",
          LOG_FORMAT: "of LOG_FORMAT"
        },
        directory: "elsewhere",
        speed: 2.5,
        agent: "simulated"
      })
    })
  )

  it.effect("select who works whatever the speed is, and refuse what is no agent", () =>
    Effect.gen(function* () {
      const { agent } = yield* read({ SANDBOX_AGENT: "program", SANDBOX_SPEED: "20" })
      assert.strictEqual(agent, "program")
      assert.include(String(yield* Effect.flip(read({ SANDBOX_AGENT: "real" }))), "SANDBOX_AGENT")
    })
  )
})
