import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import { AppConfig } from "../Config.ts"
import { missingSetup } from "../Overview/setup.ts"
import { call, target } from "./call.ts"
import { type Facts, type Step, stepsOf, type Told } from "./doctor/steps.ts"
import { failed } from "./failed.ts"
import { clean, show } from "./show.ts"

const environment = Effect.map(AppConfig, (config) => ({
  invalid: null,
  missing: missingSetup(config, 1)
})).pipe(
  Effect.provide(AppConfig.layer),
  Effect.catchTag("ConfigInvalid", ({ message }) => Effect.succeed({ invalid: message, missing: [] }))
)

const answersAt = (url: string) =>
  HttpClient.get(`${url}/health/live`).pipe(
    Effect.map(({ status }) => status === 200),
    Effect.timeout("5 seconds"),
    Effect.orElseSucceed(() => false)
  )

const told = Effect.gen(function* () {
  const overview = yield* call((client) => client.operations.overview())
  const mappings = yield* call((client) => client.mappings.list())
  const readiness = yield* Effect.forEach(mappings, ({ teamKey }) =>
    Effect.map(
      call((client) => client.mappings.readiness({ params: { teamKey } })),
      (readiness) => ({ teamKey, readiness })
    )
  )
  const issues = yield* call((client) => client.issues.list({ query: {} }))
  const dispatches = yield* call((client) => client.dispatches.log({ query: { limit: 1 } }))
  return { overview, mappings, readiness, issues, dispatched: dispatches.length } satisfies Told
})

const marks = { done: "✓", todo: "✗", later: "·", note: "!" }

const line = ({ message, state, step }: Step) =>
  `${marks[state]} ${step}: ${message.split("\n").map(clean).join("\n    ")}`

export const doctor = Command.make(
  "doctor",
  {},
  Effect.fn(function* () {
    const { token, url } = yield* target
    const answers = yield* answersAt(url)
    const facts: Facts = {
      url,
      answers,
      ...(yield* environment),
      told: answers && token !== null ? Option.getOrNull(yield* Effect.option(told)) : null
    }
    const steps = stepsOf(facts)
    const next = steps.find(({ state }) => state === "todo")
    yield* show(steps, steps.map(line))
    if (next !== undefined) return yield* failed(`Next: ${next.step}. Then run doctor again.`)
  })
).pipe(Command.withDescription("What is missing on the way to the first dispatch, and what to do about it"))
