import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AppConfig } from "../platform/Config.ts"
import { Overview } from "./Overview.ts"

/** Logs at start what is set, and what is missing with what to do. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { settings } = yield* AppConfig
    const { setup, version } = yield* (yield* Overview).get
    const given = settings
      .filter(({ source }) => source === "env")
      .map(({ name, value }) => `${name}=${value}`)
    yield* Effect.logInfo(
      `AI-Implement ${version}; set by the environment: ${given.length === 0 ? "nothing" : given.join(", ")}`
    )
    for (const { setting, neededFor, message } of setup) {
      yield* Effect.logInfo(`Missing: ${setting}, needed for ${neededFor}. ${message}`)
    }
  })
)
