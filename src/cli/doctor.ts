import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { AppConfig } from "../platform/Config.ts"
import { missingSetup } from "../operations/Overview/setup.ts"
import { ask, target } from "./call.ts"
import { type Answer, linesOf, type Line } from "./doctor/lines.ts"
import { failed } from "./failed.ts"
import { clean, show } from "./show.ts"

const environment = Effect.map(AppConfig, (config) => ({
  invalid: null,
  accessCode: missingSetup(config, 1).find(({ setting }) => setting === "ADMIN_ACCESS_CODE") ?? null
})).pipe(
  Effect.provide(AppConfig.layer),
  Effect.catchTag("ConfigInvalid", ({ message }) => Effect.succeed({ invalid: message, accessCode: null }))
)

const answer = ask((client) => client.setup.get()).pipe(
  Effect.map(({ steps }): Answer => ({ _tag: "Answered", steps })),
  Effect.catchTag("ApiFailure", ({ message, reason }) =>
    Effect.succeed<Answer>({ _tag: "Silent", reason, message })
  )
)

const marks = { done: "✓", todo: "✗", later: "·", note: "!" }

const textOf = ({ message, state, step }: Line) =>
  `${marks[state]} ${step}: ${message.split("\n").map(clean).join("\n    ")}`

export const doctor = Command.make(
  "doctor",
  {},
  Effect.fn(function* () {
    const { url } = yield* target
    const lines = linesOf({ url, ...(yield* environment), answer: yield* answer })
    const next = lines.find(({ state }) => state === "todo")
    yield* show(lines, lines.map(textOf))
    if (next !== undefined) return yield* failed(`Next: ${next.step}. Then run doctor again.`)
  })
).pipe(
  Command.withDescription(
    "Check the address, keys, permissions and repositories, and say what to do on the way to the first pull request"
  )
)
