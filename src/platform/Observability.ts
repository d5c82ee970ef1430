import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { plainText } from "../domain/Text.ts"
import { AppConfig } from "./Config.ts"

const levels = { debug: "Debug", info: "Info", warn: "Warn", error: "Error" } as const

const traces = (endpoint: string | null) =>
  endpoint === null
    ? Layer.merge(
        Layer.effect(
          References.TracerEnabled,
          Effect.map(Tracer.Tracer, (given) => given !== Tracer.nativeTracer)
        ),
        Layer.succeed(Tracer.DisablePropagation, true)
      )
    : Layer.unwrap(
        Effect.map(
          Effect.promise(() => import("./Observability/traces.ts")),
          ({ layer }) => layer(endpoint)
        )
      )

const plain = (message: unknown): unknown =>
  typeof message === "string" ? plainText(message) : Array.isArray(message) ? message.map(plain) : message

// A message may repeat text of a vendor, a run or a client.
const printable = <Output>(logger: Logger.Logger<unknown, Output>) =>
  Logger.make<unknown, Output>((options) => logger.log({ ...options, message: plain(options.message) }))

/** Logs as LOG_FORMAT and LOG_LEVEL say, and traces to where OTEL_EXPORTER_OTLP_ENDPOINT says; without it there are none, except by a provided tracer. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const { LOG_FORMAT, LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT } = yield* AppConfig
    return Layer.mergeAll(
      traces(OTEL_EXPORTER_OTLP_ENDPOINT),
      Logger.layer([printable(LOG_FORMAT === "json" ? Logger.consoleJson : Logger.consolePretty())]),
      Layer.succeed(References.MinimumLogLevel, levels[LOG_LEVEL])
    )
  })
)
