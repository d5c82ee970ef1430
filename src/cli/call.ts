import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Client, failureOf, makeClient } from "../api/client.ts"
import { Credentials } from "./Credentials.ts"
import { failed } from "./failed.ts"
import { root } from "./root.ts"

const here = "http://127.0.0.1:8080"
const signInFirst = "Sign in with: npm run ai-implement -- login"

/** Where the service is, and the token for it if there is one. */
export const target = Effect.gen(function* () {
  const { url } = yield* root
  const known = yield* (yield* Credentials).read
  const chosen = Option.getOrElse(url, () => known?.url ?? here).replace(/\/+$/, "")
  if (!URL.canParse(chosen)) return yield* failed(`${chosen} is not an address. Give --url such as ${here}.`)
  return { url: chosen, token: known?.url === chosen ? known.token : null }
})

/** Asks the service, and says what the operator can do when it refuses. */
export const call = Effect.fnUntraced(function* <A, E>(use: (client: Client) => Effect.Effect<A, E>) {
  const { token, url } = yield* target
  const client = yield* makeClient({ url, token: () => token })
  return yield* use(client).pipe(
    Effect.catch((error) =>
      Effect.flatMap(failureOf(error), ({ message, reason }) =>
        failed(reason === "Unauthorized" ? `You are not signed in at ${url}. ${signInFirst}` : message)
      )
    )
  )
})
