import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import { Api } from "../Api.ts"
import { Authorization } from "../Authorization.ts"

export interface ClientOptions {
  /** Where the service is, such as `https://ai.example.com`. */
  readonly url: string
  /** The token of `auth.signIn`, or a function that returns it before each call. */
  readonly token?: string | (() => string | null)
}

/** Every route of the API, typed by the definition that the server runs. */
export type Client = HttpApiClient.ForApi<typeof Api>

const lenient = Api.annotate(HttpApi.ParseOptions, { errors: "all" })

/** The typed client for users of Effect, who provide the HTTP client. */
export const makeClient = ({
  token,
  url
}: ClientOptions): Effect.Effect<Client, never, HttpClient.HttpClient> => {
  const bearer = HttpApiMiddleware.layerClient(Authorization, ({ next, request }) => {
    const known = typeof token === "function" ? token() : token
    return next(known == null ? request : HttpClientRequest.bearerToken(request, known))
  })
  return HttpApiClient.make(lenient, { baseUrl: url }).pipe(Effect.provide(bearer))
}
