import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as OtlpExporter from "effect/observability/OtlpExporter"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as OtlpTracer from "effect/observability/OtlpTracer"
import * as Predicate from "effect/Predicate"
import * as Tracer from "effect/Tracer"
import packageJson from "../../../package.json" with { type: "json" }

// All others could hold an address, a header or a value.
const safeAttributes = new Set([
  "http.request.method",
  "http.response.status_code",
  "db.operation.name",
  "error.type"
])

const tagOf = (error: unknown) =>
  Predicate.hasProperty(error, "_tag") && Predicate.isString(error._tag) ? error._tag : "Defect"

const discreetExit = (exit: Exit.Exit<unknown, unknown>) => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return exit
  const name = tagOf(Cause.squash(exit.cause))
  return Exit.fail(Object.assign(new Error(name), { name, stack: name }))
}

const discreet = (tracer: Tracer.Tracer) =>
  Tracer.make({
    span: (options) => {
      const span = tracer.span(options)
      const attribute = span.attribute.bind(span)
      const end = span.end.bind(span)
      return Object.assign(span, {
        attribute: (key: string, value: unknown) => {
          if (safeAttributes.has(key)) attribute(key, value)
        },
        event: () => {},
        end: (at: bigint, exit: Exit.Exit<unknown, unknown>) => end(at, discreetExit(exit))
      })
    }
  })

/** Sends spans to an OTLP collector: names, times, methods, statuses and tags of errors, nothing else. */
export const layer = (endpoint: string) =>
  Layer.effect(
    Tracer.Tracer,
    Effect.map(
      OtlpTracer.make({
        url: `${endpoint}/v1/traces`,
        resource: { serviceName: packageJson.name, serviceVersion: packageJson.version }
      }),
      discreet
    )
  ).pipe(Layer.provide([OtlpExporter.layerFlusher, OtlpSerialization.layerJson, FetchHttpClient.layer]))
