import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Api } from "../../src/api/Api.ts"
import { Authorization } from "../../src/api/Authorization.ts"
import { strings } from "../strings/shell.ts"
import { Failure } from "./Failure.ts"
import { session } from "./session.ts"

type Client = HttpApiClient.ForApi<typeof Api>

let client: Client | undefined

const bearer = HttpApiMiddleware.layerClient(Authorization, ({ next, request }) =>
  next(session.current === null ? request : HttpClientRequest.bearerToken(request, session.current.token))
)

/** Builds the typed client over a transport; called once, before the first page. */
export const connect = (transport: Layer.Layer<HttpClient.HttpClient>) => {
  client = Effect.runSync(
    HttpApiClient.make(Api, { baseUrl: location.origin }).pipe(Effect.provide(Layer.merge(bearer, transport)))
  )
}

const Refusal = Schema.Struct({
  _tag: Schema.String,
  error: Schema.String,
  issues: Schema.optionalKey(Schema.Array(Schema.Struct({ path: Schema.String, message: Schema.String }))),
  retryAfter: Schema.optionalKey(Schema.Int)
})
const isRefusal = Schema.is(Refusal)

const failure = (kind: Failure["kind"], message: string, refusal?: typeof Refusal.Type) =>
  new Failure({
    kind,
    message,
    name: refusal?._tag ?? kind,
    issues: refusal?.issues ?? [],
    retryAfter: refusal?.retryAfter ?? null
  })

const refused = (refusal: typeof Refusal.Type) => failure("refused", refusal.error, refusal)

const explain = Effect.fnUntraced(function* (error: unknown) {
  if (isRefusal(error)) return refused(error)
  if (HttpClientError.isHttpClientError(error)) {
    const { response } = error
    if (response === undefined) return failure("unreachable", strings.failure.unreachable)
    const body = yield* response.json.pipe(Effect.orElseSucceed(() => null))
    if (isRefusal(body)) return refused(body)
    if (response.status >= 500) return failure("unreachable", strings.failure.status(response.status))
  }
  return failure("outdated", strings.failure.outdated)
})

/** Runs one call as a promise; a refused token ends the session it belonged to. */
export const call = <A, E>(
  use: (client: Client) => Effect.Effect<A, E>,
  signal?: AbortSignal
): Promise<A> => {
  if (client === undefined) return Promise.reject(failure("unreachable", strings.failure.unreachable))
  const token = session.current?.token
  return Effect.runPromise(
    use(client).pipe(
      Effect.catch((error) => Effect.flatMap(explain(error), Effect.fail)),
      Effect.catchIf(
        ({ name }) => name === "Unauthorized",
        (refusal) => {
          if (session.current?.token === token) session.end("refused")
          return Effect.fail(failure("signed-out", refusal.message))
        }
      )
    ),
    signal === undefined ? {} : { signal }
  )
}
