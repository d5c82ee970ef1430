import { assert, describe, it } from "@effect/vitest"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Observability from "../../src/platform/Observability.ts"
import { serve } from "../../src/sandbox/Upstream.ts"
import { config } from "../support/config.ts"

class Refused extends Schema.TaggedError<Refused>()("Refused", { message: Schema.String }) {}

/** What a collector gets of work that is full of secrets. */
const traced = Effect.gen(function* () {
  const bodies: Array<string> = []
  const headers: Array<string> = []
  const collector = yield* serve({
    name: "collector",
    handler: ({ body, headers: sent, url }) =>
      Effect.sync(() => {
        if (url.pathname === "/v1/traces") bodies.push(body)
        else headers.push(...Object.keys(sent))
        return { status: 200, body: {} }
      })
  })
  const work = Effect.gen(function* () {
    yield* Effect.annotateCurrentSpan("token", "canary")
    const span = yield* Effect.orDie(Effect.currentSpan)
    span.event("canary", 0n, { secret: "canary" })
    yield* HttpClient.execute(
      HttpClientRequest.get(`${collector.url}/canary?code=canary`, { headers: { "x-key": "canary" } })
    )
    yield* Effect.exit(Effect.withSpan(new Refused({ message: "canary" }), "Work.refused"))
    yield* Effect.exit(Effect.withSpan(Effect.die(new Error("canary")), "Work.broken"))
  }).pipe(Effect.withSpan("Work.done"))
  const run = (env: Record<string, string>) =>
    Effect.provide(
      work,
      Layer.merge(
        FetchHttpClient.layer,
        Observability.layer.pipe(Layer.provide(config({ LOG_LEVEL: "error", ...env })))
      )
    )
  return { bodies, headers, run, url: collector.url }
})

describe("traces", () => {
  it.live("send a collector what was done and how it ended, and no address, header, value or message", () =>
    Effect.gen(function* () {
      const { bodies, headers, run, url } = yield* traced
      yield* run({ OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/` })
      assert.include(headers, "traceparent")
      const sent = bodies.join("\n")
      for (const name of ["Work.done", "Work.refused", "GET", "ai-implement"]) {
        assert.include(sent, `"${name}"`)
      }
      for (const fact of ["http.response.status_code", "Refused", "Defect"]) assert.include(sent, fact)
      assert.notInclude(sent, "canary")
    })
  )

  it.live("are not made where no collector is set", () =>
    Effect.gen(function* () {
      const { bodies, headers, run } = yield* traced
      yield* run({})
      assert.deepStrictEqual(bodies, [])
      assert.include(headers, "x-key")
      assert.notInclude(headers, "traceparent")
    })
  )
})

describe("the log", () => {
  for (const format of ["pretty", "json"]) {
    it.effect(`has no character that a terminal acts on, as ${format}`, () =>
      Effect.gen(function* () {
        const written: Array<string> = []
        const write = (...args: ReadonlyArray<unknown>) => void written.push(args.map(String).join(" "))
        const console = Object.assign(Object.create(globalThis.console), {
          log: write,
          error: write,
          group: write,
          groupEnd: () => {}
        })
        yield* Effect.logError("Linear says \u001b]0;owned\u0007 \u009b31m \u202etxt").pipe(
          Effect.provide(Observability.layer.pipe(Layer.provide(config({ LOG_FORMAT: format })))),
          Effect.provideService(Console.Console, console)
        )
        const log = written.join("\n")
        assert.include(log, "Linear says ]0;owned 31m txt")
      })
    )
  }
})
