import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { launch } from "../support/process.ts"

const main = (how: string, env: Record<string, string> = {}) =>
  launch(new URL("fixtures/main.ts", import.meta.url), { args: [how], env })

describe("the process", () => {
  for (const [signal, code] of [
    ["SIGTERM", 0],
    ["SIGINT", 130]
  ] as const) {
    it.live(`ends with ${code} after ${signal}`, () =>
      Effect.gen(function* () {
        const running = yield* main("runs")
        assert.strictEqual(yield* running.line, "ready")
        yield* running.kill(signal)
        assert.deepStrictEqual(yield* running.ended, { code, signal: null })
      })
    )
  }

  it.live("ends with 1 when it stops itself", () =>
    Effect.gen(function* () {
      const { ended } = yield* main("givesUp")
      assert.deepStrictEqual(yield* ended, { code: 1, signal: null })
    })
  )

  for (const [how, what] of [
    ["refuses", "It cannot start. Set PORT."],
    ["breaks", "It broke."]
  ] as const) {
    it.live(`that ${how} says why as LOG_FORMAT says, and ends with 1`, () =>
      Effect.gen(function* () {
        const { ended, line } = yield* main(how, { LOG_FORMAT: "json" })
        const said = yield* line
        assert.propertyVal(said, "level", "FATAL")
        assert.include(JSON.stringify(said), what)
        assert.deepStrictEqual(yield* ended, { code: 1, signal: null })
      })
    )
  }
})
