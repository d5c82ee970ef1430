import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type ApiFailure, type Client, failureOf, makeClient } from "../api/client.ts"
import { Credentials } from "./Credentials.ts"
import { failed } from "./failed.ts"
import { root } from "./root.ts"

const signInFirst = "Sign in with: npm run ai-implement -- login"

const explain = ({ issues, message, reason }: ApiFailure, url: string) => {
  if (reason === "Unauthorized") return `You are not signed in at ${url}. ${signInFirst}`
  if (reason !== "Invalid" || issues.length === 0) return message
  return `${issues.map(({ message, path }) => `${path} ${message}`).join("; ")}.`
}

const here = Effect.gen(function* () {
  const host = yield* Config.String("HOST").pipe(Config.withDefault("0.0.0.0"))
  const port = yield* Config.Port("PORT").pipe(Config.withDefault(8080))
  const name = /^(0\.0\.0\.0|::)$/.test(host) ? "127.0.0.1" : host
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`
}).pipe(Effect.orElseSucceed(() => "http://127.0.0.1:8080"))

/** Where the service is, and the token for it if there is one. */
export const target = Effect.gen(function* () {
  const { url } = yield* root
  const known = yield* (yield* Credentials).read
  const local = yield* here
  const chosen = Option.getOrElse(url, () => known?.url ?? local).replace(/\/+$/, "")
  if (!URL.canParse(chosen)) {
    return yield* failed(`${chosen} is not an address. Give --url such as http://127.0.0.1:8080.`)
  }
  return { url: chosen, token: known?.url === chosen ? known.token : null }
})

/** The response of the service, or why it refuses. */
export const ask = Effect.fnUntraced(function* <A, E>(use: (client: Client) => Effect.Effect<A, E>) {
  const { token, url } = yield* target
  const client = yield* makeClient({ url, token: () => token })
  return yield* use(client).pipe(Effect.catch((error) => Effect.flatMap(failureOf(error), Effect.fail)))
})

/** Calls the service; when it refuses, the error says what the operator can do. */
export const call = Effect.fnUntraced(function* <A, E>(use: (client: Client) => Effect.Effect<A, E>) {
  return yield* ask(use).pipe(
    Effect.catchTag("ApiFailure", (failure) =>
      Effect.flatMap(target, ({ url }) => failed(explain(failure, url)))
    )
  )
})
