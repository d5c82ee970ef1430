import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Client, makeClient } from "../api/client.ts"

/** The typed client, signed in. */
export class ApiClient extends Context.Service<ApiClient, Client>()("ai-implement/sandbox/ApiClient") {
  static readonly layer = (url: string, code: string) =>
    Layer.effect(
      ApiClient,
      Effect.gen(function* () {
        let token: string | null = null
        const client = yield* makeClient({ url, token: () => token })
        token = (yield* client.auth.signIn({ payload: { code, name: "sandbox" } })).token
        return client
      })
    )
}
