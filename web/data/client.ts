import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Authorization, SchemaErrors } from "../../src/api/Authorization.ts"
import { strings } from "../strings/shell.ts"
import { Failure } from "./Failure.ts"
import { session } from "./session.ts"

let transport: Layer.Layer<HttpClient.HttpClient> | undefined

/** Sets the transport of every call; before the first page, and by tests. */
export const connect = (next: Layer.Layer<HttpClient.HttpClient>) => {
  transport = next
}

export const carrier = Effect.suspend(() =>
  transport === undefined
    ? Effect.fail(failure("unreachable", strings.failure.unreachable))
    : Effect.succeed(transport)
)

const bearer = HttpApiMiddleware.layerClient(Authorization, ({ next, request }) =>
  next(session.current === null ? request : HttpClientRequest.bearerToken(request, session.current.token))
)

export const Refusal = Schema.Struct({
  _tag: Schema.String,
  error: Schema.String,
  issues: Schema.optionalKey(Schema.Array(Schema.Struct({ path: Schema.String, message: Schema.String }))),
  retryAfter: Schema.optionalKey(Schema.Int)
})
const isRefusal = Schema.is(Refusal)

export const failure = (kind: Failure["kind"], message: string, refusal?: typeof Refusal.Type) =>
  new Failure({
    kind,
    message,
    name: refusal?._tag ?? kind,
    issues: refusal?.issues ?? [],
    retryAfter: refusal?.retryAfter ?? null
  })

const signedOut = new Set(["Unauthorized", "Disabled"])

export const refused = (refusal: typeof Refusal.Type) =>
  failure(signedOut.has(refusal._tag) ? "signed-out" : "refused", refusal.error, refusal)

const explain = Effect.fnUntraced(function* (error: unknown) {
  if (error instanceof Failure) return error
  if (isRefusal(error)) return refused(error)
  if (HttpClientError.isHttpClientError(error)) {
    const { response } = error
    if (response === undefined) return failure("unreachable", strings.failure.unreachable)
    const body = yield* response.json.pipe(Effect.orElseSucceed(() => null))
    if (isRefusal(body)) return refused(body)
    if (response.status >= 500) return failure("unreachable", strings.failure.status(response.status))
  }
  if (!Schema.isSchemaError(error)) return failure("unexpected", strings.failure.unexpected)
  const { invalid } = yield* Effect.promise(() => import("./invalid.ts"))
  return refused(invalid(error))
})

const undecodable = Effect.mapError((error: unknown) =>
  Schema.isSchemaError(error) ? failure("outdated", strings.failure.outdated) : error
)

/** The calls of one group of the API: pages load only the groups they use. A refused token ends its session. */
export const callsOf = <Group extends HttpApiGroup.Constraint>(group: Group) => {
  type Client = HttpApiClient.Client.Group<Group, never, never>
  const api = HttpApi.make("ai-implement")
    .add(group)
    .middleware(SchemaErrors)
    .prefix("/api")
    .annotate(HttpApi.ParseOptions, { errors: "all" })
  const build = (by: Layer.Layer<HttpClient.HttpClient>) =>
    Effect.runSync(
      HttpApiClient.make(api, { baseUrl: location.origin, transformResponse: undecodable }).pipe(
        Effect.provide(Layer.merge(bearer, by))
      ) as unknown as Effect.Effect<Record<string, Client>>
    )[group.identifier] as Client
  let built: { readonly by: typeof transport; readonly client: Client } | undefined

  return <A, E>(use: (client: Client) => Effect.Effect<A, E>): Effect.Effect<A, Failure> =>
    Effect.flatMap(carrier, (by) => {
      if (built?.by !== by) built = { by, client: build(by) }
      const token = session.current?.token
      return use(built.client).pipe(
        Effect.catch((error) => Effect.flatMap(explain(error), Effect.fail)),
        Effect.tapError((refusal) =>
          Effect.sync(() => {
            if (refusal.kind !== "signed-out" || session.current?.token !== token) return
            session.end(refusal.name === "Disabled" ? "disabled" : "refused")
          })
        )
      )
    })
}

export const calls = <Group extends HttpApiGroup.Constraint>(group: Group) => {
  const run = callsOf(group)
  return <A, E>(
    use: (client: HttpApiClient.Client.Group<Group, never, never>) => Effect.Effect<A, E>,
    signal?: AbortSignal
  ): Promise<A> => Effect.runPromise(run(use), signal === undefined ? {} : { signal })
}
