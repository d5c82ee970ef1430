import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { HttpMethod } from "effect/http/HttpMethod"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { RawAnswer } from "../lib/openapi.ts"
import { strings } from "../strings/shell.ts"
import { carrier, failure, Refusal, refused } from "./client.ts"
import { session } from "./session.ts"

const readRefusal = Schema.decodeUnknownOption(Schema.fromJsonString(Refusal))

export const refusalOf = ({ status, text }: RawAnswer) =>
  Option.match(readRefusal(text), {
    onNone: () => failure("unreachable", strings.failure.status(status)),
    onSome: refused
  })

/** Sends one call as it stands, with the session's token; for the API page. */
export const send = (
  method: HttpMethod,
  path: string,
  body?: string,
  signal?: AbortSignal
): Promise<RawAnswer> =>
  Effect.gen(function* () {
    const client = yield* Effect.provide(HttpClient.HttpClient, yield* carrier)
    const token = session.current?.token
    const request = HttpClientRequest.make(method)(location.origin + path).pipe(
      HttpClientRequest.bearerToken(token ?? ""),
      body === undefined ? (same) => same : HttpClientRequest.bodyText(body, "application/json")
    )
    const [took, answer] = yield* client.execute(request).pipe(
      Effect.flatMap(({ status, text }) => Effect.map(text, (body) => ({ status, text: body }))),
      Effect.mapError(() => failure("unreachable", strings.failure.unreachable)),
      Effect.timed
    )
    if (answer.status === 401 && session.current?.token === token) session.end("refused")
    return { ...answer, millis: Duration.toMillis(took) }
  }).pipe((sent) => Effect.runPromise(sent, signal === undefined ? {} : { signal }))
