import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import { Api } from "../api/Api.ts"
import { Authorization } from "../api/Authorization.ts"

/** The typed client, signed in. */
export class ApiClient extends Context.Service<ApiClient, HttpApiClient.ForApi<typeof Api>>()(
  "ai-implement/sandbox/ApiClient"
) {
  static readonly layer = (address: string, code: string) =>
    Layer.effect(
      ApiClient,
      Effect.gen(function* () {
        const token = yield* Ref.make("")
        const bearer = HttpApiMiddleware.layerClient(
          Authorization,
          Effect.fnUntraced(function* ({ next, request }) {
            return yield* next(HttpClientRequest.bearerToken(request, yield* Ref.get(token)))
          })
        )
        const client = yield* HttpApiClient.make(Api, {
          transformClient: HttpClient.mapRequest(HttpClientRequest.prependUrl(address))
        }).pipe(Effect.provide(bearer))
        const session = yield* client.auth.signIn({ payload: { code, name: "sandbox" } })
        yield* Ref.set(token, session.token)
        return client
      })
    )
}
