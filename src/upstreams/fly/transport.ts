import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import { makeFetch } from "../client/answers.ts"
import type { Answer, UpstreamCall } from "../client/errors.ts"
import { makeUpstream } from "../client/upstream.ts"
import { errors, refusal, retryAfter } from "./errors.ts"
import { type Operation, operations } from "./operations.ts"

export interface FlyRequest<S extends Schema.ConstraintDecoder<unknown>, B = never> extends UpstreamCall {
  readonly operation: Operation
  readonly path: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly payload?: unknown
  readonly body: S
  /** The meaning of an unsuccessful answer that is not a refusal. */
  readonly also?: (answer: Answer) => B | undefined
}

const parse = (text: string): unknown => {
  try {
    return text === "" ? "" : JSON.parse(text)
  } catch {
    return undefined
  }
}

const authorizationOf = (token: string) => (token.startsWith("FlyV1 ") ? token : `Bearer ${token}`)

const budgets = (answer: Answer, now: number) =>
  answer.status === 429
    ? [
        {
          kind: "requests",
          limit: 1,
          remaining: 0,
          resetAt: DateTime.add(DateTime.makeUnsafe(now), { seconds: retryAfter(answer) })
        }
      ]
    : []

export const makeTransport = Effect.fnUntraced(function* (baseUrl: string, token: Redacted.Redacted<string>) {
  const client = yield* HttpClient.HttpClient
  const fetch = makeFetch(yield* FetchHttpClient.Fetch, { url: baseUrl, redirects: "none" })
  const upstream = yield* makeUpstream({ errors, url: baseUrl, refusal, budgets })

  const toRequest = ({
    operation,
    path,
    payload,
    query = {}
  }: FlyRequest<Schema.ConstraintDecoder<unknown>, unknown>) => {
    const [method, template = ""] = operations[operation].split(" ")
    const url =
      baseUrl + template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""))
    const make = HttpClientRequest.make(method === "POST" ? "POST" : method === "DELETE" ? "DELETE" : "GET")
    const authorization = authorizationOf(Redacted.value(token))
    const request = make(url, { urlParams: query, headers: { authorization, "user-agent": "ai-implement" } })
    return payload === undefined ? request : HttpClientRequest.bodyJsonUnsafe(request, payload)
  }

  const sending = <S extends Schema.ConstraintDecoder<unknown>, B>(request: FlyRequest<S, B>) => ({
    ...request,
    send: Effect.suspend(() => client.execute(toRequest(request))).pipe(
      Effect.flatMap(({ headers, status, text }) =>
        Effect.map(text, (text): Answer => ({ status, headers, data: parse(text) }))
      ),
      Effect.provideService(FetchHttpClient.Fetch, fetch),
      Effect.provideService(HttpClient.TracerPropagationEnabled, false),
      Effect.mapError(({ reason }) => ({ cause: "cause" in reason ? reason.cause : undefined }))
    )
  })

  return {
    ask: <S extends Schema.ConstraintDecoder<unknown>, B = never>(request: FlyRequest<S, B>) =>
      Effect.map(upstream.ask(sending(request)), ({ body }) => body),
    launch: <S extends Schema.ConstraintDecoder<unknown>, B = never>(
      request: FlyRequest<S, B>,
      proceed: Effect.Effect<boolean>
    ) => Effect.map(upstream.launch(sending(request), proceed), ({ body }) => body)
  }
})

export type Transport = Effect.Success<ReturnType<typeof makeTransport>>
