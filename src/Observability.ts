import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { AppConfig } from "./Config.ts"

const levels = { debug: "Debug", info: "Info", warn: "Warn", error: "Error" } as const

/** Logs as LOG_FORMAT and LOG_LEVEL say. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const { LOG_FORMAT, LOG_LEVEL } = yield* AppConfig
    return Layer.merge(
      Logger.layer([LOG_FORMAT === "json" ? Logger.consoleJson : Logger.consolePretty()]),
      Layer.succeed(References.MinimumLogLevel, levels[LOG_LEVEL])
    )
  })
)
