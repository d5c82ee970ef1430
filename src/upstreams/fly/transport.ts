import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Upstreams } from "../health/Upstreams.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { type UpstreamCall, broken, type Failure, refused, timedOut, unexpected } from "./errors.ts"
import { type Operation, operations } from "./operations.ts"

export interface Sent<S extends Schema.ConstraintDecoder<unknown>, B = never> extends UpstreamCall {
  readonly operation: Operation
  readonly path: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly payload?: unknown
  readonly timeout: Duration.Duration
  readonly answer: S
  /** What a refusal means that is an answer too. */
  readonly also?: (failure: Failure) => B | undefined
}

const toRequest = (
  baseUrl: string,
  authorization: string,
  { operation, path, payload, query = {} }: Sent<Schema.ConstraintDecoder<unknown>, unknown>
) => {
  const [method, template = ""] = operations[operation].split(" ")
  const url =
    baseUrl + template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""))
  const make = HttpClientRequest.make(method === "POST" ? "POST" : method === "DELETE" ? "DELETE" : "GET")
  const request = make(url, { urlParams: query, headers: { authorization, "user-agent": "ai-implement" } })
  return payload === undefined ? request : HttpClientRequest.bodyJsonUnsafe(request, payload)
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A macaroon goes as it is, any other token as a bearer. */
const authorizationOf = (token: string) => (token.startsWith("FlyV1 ") ? token : `Bearer ${token}`)

/** One request, sent once: a timeout, an abort on interruption, and its end told. */
export const makeTransport = Effect.fnUntraced(function* (baseUrl: string, token: Redacted.Redacted<string>) {
  const upstreams = yield* Upstreams
  const client = yield* HttpClient.HttpClient

  /** Fly tells of its limit only when it is used up. */
  const usedUp = Effect.fnUntraced(function* (seconds: number) {
    const resetAt = DateTime.add(yield* DateTime.now, { seconds })
    yield* upstreams.budget("fly", [{ kind: "requests", limit: 1, remaining: 0, resetAt }])
  })

  const answered = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>, B>(
    sent: Sent<S, B>
  ): Effect.fn.Return<S["Type"] | B, UpstreamError> {
    const request = toRequest(baseUrl, authorizationOf(Redacted.value(token)), sent)
    const { headers, status, text } = yield* client.execute(request).pipe(
      Effect.flatMap((response) =>
        Effect.map(response.text, (text) => ({ text, headers: response.headers, status: response.status }))
      ),
      Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
      Effect.provideService(HttpClient.TracerPropagationEnabled, false),
      Effect.mapError(({ reason }) => broken(sent, baseUrl, "cause" in reason ? reason.cause : undefined))
    )
    if (status >= 300) {
      const failure = { status, headers, data: parse(text) }
      const meaning = sent.also?.(failure)
      return meaning === undefined ? yield* refused(sent, failure) : meaning
    }
    return yield* Effect.mapError(Schema.decodeUnknownEffect(sent.answer)(parse(text)), () =>
      unexpected(sent, text)
    )
  })

  return <S extends Schema.ConstraintDecoder<unknown>, B = never>(sent: Sent<S, B>) =>
    answered(sent).pipe(
      Effect.timeoutOrElse({
        duration: sent.timeout,
        orElse: () => Effect.fail(timedOut(sent, sent.timeout))
      }),
      Effect.tap(() => upstreams.ended("fly", null)),
      Effect.tapError((error) => upstreams.ended("fly", error)),
      Effect.tapError(({ reason }) =>
        reason._tag === "RateLimited" ? usedUp(reason.retryAfter) : Effect.void
      )
    )
})

export type Transport = Effect.Success<ReturnType<typeof makeTransport>>
