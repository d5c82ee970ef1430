import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { AppConfig } from "../../platform/Config.ts"
import { reveal } from "../../platform/Config/environment.ts"
import { Upstreams } from "../health/Upstreams.ts"
import { CallTimeout, withRetry } from "../client/call.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { budgetsOf } from "./budgets.ts"
import { type UpstreamCall, notConfigured, timedOut, toUpstreamError, unexpected } from "./errors.ts"

export interface Question<S extends Schema.ConstraintDecoder<unknown>> extends UpstreamCall {
  readonly document: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly data: S
}

/** Sends one whole document, decodes the answer, and repeats what is safe to repeat. */
export type Ask = <S extends Schema.ConstraintDecoder<unknown>>(
  question: Question<S>
) => Effect.Effect<S["Type"], UpstreamError>

const concurrency = 8

/** Loaded by the first question, because it takes 35 MB. */
const sdk = Effect.promise(() => import("@linear/sdk"))

export const makeAsk = Effect.gen(function* (): Effect.gen.Return<Ask, never, AppConfig | Upstreams> {
  const config = yield* AppConfig
  const upstreams = yield* Upstreams
  const timeout = yield* CallTimeout
  const limiter = yield* Semaphore.make(concurrency)
  const url = config.LINEAR_API_URL
  const key = reveal(config.LINEAR_API_KEY)?.trim()

  const send = Effect.fnUntraced(function* (
    authorization: string,
    question: Question<Schema.ConstraintDecoder<unknown>>
  ) {
    const { LinearError, LinearGraphQLClient } = yield* sdk
    const now = yield* Clock.currentTimeMillis
    const answer = yield* Effect.tryPromise({
      try: (signal) =>
        new LinearGraphQLClient(url, { headers: { authorization }, signal }).rawRequest<
          unknown,
          Record<string, unknown>
        >(question.document, question.variables),
      catch: (cause) => ({ cause, answer: cause instanceof LinearError ? cause : null })
    }).pipe(
      Effect.tapError(({ answer }) => upstreams.budget("linear", budgetsOf(answer?.raw?.response?.headers))),
      Effect.mapError((failure) => toUpstreamError(question, url, failure, now)),
      Effect.timeoutOrElse({ duration: timeout, orElse: () => Effect.fail(timedOut(question, timeout)) })
    )
    yield* upstreams.budget("linear", budgetsOf(answer.headers))
    return yield* Schema.decodeUnknownEffect(question.data)(answer.data).pipe(
      Effect.mapError(() => unexpected(question))
    )
  })

  return (question) => {
    if (key === undefined || key === "") return Effect.fail(notConfigured(question.operation))
    return send(key, question).pipe(
      Effect.tap(() => upstreams.ended("linear", null)),
      Effect.tapError((error) => upstreams.ended("linear", error)),
      withRetry(() => timedOut(question, timeout)),
      limiter.withPermit
    )
  }
})
