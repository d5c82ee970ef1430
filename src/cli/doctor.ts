import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { AppConfig } from "../platform/Config.ts"
import { missingSetup } from "../operations/Overview/setup.ts"
import { ask, target } from "./call.ts"
import { type Silent, type Step, stepsOf, type ServiceFacts } from "./doctor/steps.ts"
import { connectionTestsOf } from "./doctor/connectionTests.ts"
import { failed } from "./failed.ts"
import { clean, show } from "./show.ts"

const environment = Effect.map(AppConfig, (config) => ({
  invalid: null,
  missing: missingSetup(config, 1)
})).pipe(
  Effect.provide(AppConfig.layer),
  Effect.catchTag("ConfigInvalid", ({ message }) => Effect.succeed({ invalid: message, missing: [] }))
)

const serviceFacts = Effect.gen(function* () {
  const mappings = yield* ask((client) => client.mappings.list())
  const before = yield* ask((client) => client.operations.overview())
  const connectionTests = yield* Effect.forEach(connectionTestsOf(before, mappings), ({ needed, what }) =>
    Effect.map(
      ask((client) => client.connectionTests.try({ params: { what } })),
      (connectionTest) => ({ ...connectionTest, needed })
    )
  )
  const readiness = yield* Effect.forEach(mappings, ({ teamKey }) =>
    ask((client) => client.mappings.readiness({ params: { teamKey } })).pipe(
      Effect.catchIf(
        (error) => error._tag === "ApiFailure" && error.reason === "UpstreamUnavailable",
        ({ message }) => Effect.succeed(message)
      ),
      Effect.map((readiness) => ({ teamKey, readiness }))
    )
  )
  const overview = yield* ask((client) => client.operations.overview())
  const issues = yield* ask((client) => client.issues.list({ query: {} }))
  const [latest = null] = yield* ask((client) => client.dispatches.log({ query: { limit: 1 } }))
  return {
    _tag: "Answered",
    overview,
    connectionTests,
    mappings,
    readiness,
    issues,
    latest
  } satisfies ServiceFacts
})

const service = Effect.catchTag(serviceFacts, "ApiFailure", ({ message, reason }) =>
  Effect.succeed<Silent>({ _tag: "Silent", reason, message })
)

const marks = { done: "✓", todo: "✗", later: "·", note: "!" }

const line = ({ message, state, step }: Step) =>
  `${marks[state]} ${step}: ${message.split("\n").map(clean).join("\n    ")}`

export const doctor = Command.make(
  "doctor",
  {},
  Effect.fn(function* () {
    const { url } = yield* target
    const steps = stepsOf({ url, ...(yield* environment), service: yield* service })
    const next = steps.find(({ state }) => state === "todo")
    yield* show(steps, steps.map(line))
    if (next !== undefined) return yield* failed(`Next: ${next.step}. Then run doctor again.`)
  })
).pipe(
  Command.withDescription(
    "Check settings, permissions and upstreams, and say what to do on the way to the first dispatch"
  )
)
