import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Schema from "effect/Schema"
import type { Budget } from "../../domain/Overview.ts"
import { Upstreams } from "../health/Upstreams.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { CallTimeout, LaunchTimeout, RetryDelay, withRetry } from "./call.ts"
import type { Answer, Classified, Errors, UpstreamCall } from "./errors.ts"

export interface NoAnswer {
  readonly cause: unknown
}

export interface UpstreamRequest<
  A extends Answer,
  S extends Schema.ConstraintDecoder<unknown>,
  B = never
> extends UpstreamCall {
  readonly send: Effect.Effect<A, NoAnswer>
  readonly body: S
  /** The meaning of an unsuccessful answer that is not a refusal. */
  readonly also?: ((answer: A) => B | undefined) | undefined
  /** An error that says nothing about the upstream's health. */
  readonly excused?: ((error: UpstreamError) => boolean) | undefined
}

export interface Received<A> {
  readonly headers: Answer["headers"]
  readonly body: A
}

export interface UpstreamOptions<A extends Answer> {
  readonly errors: Errors
  readonly url: string
  /** The error of an unsuccessful answer; null for success. `now` in ms of the epoch. */
  readonly refusal: (call: UpstreamCall, answer: A, now: number) => Classified | null
  readonly budgets: (answer: A, now: number) => ReadonlyArray<Budget>
  /** Held by each attempt while it is sent. */
  readonly slot?: <B, E, R>(attempt: Effect.Effect<B, E, R>) => Effect.Effect<B, E, R>
}

/** The calls of one upstream: timeout, abort on interruption, budget and health reports, decoding, errors, retries. */
export const makeUpstream = Effect.fnUntraced(function* <A extends Answer>({
  budgets,
  errors,
  refusal,
  slot = identity,
  url
}: UpstreamOptions<A>) {
  const upstreams = yield* Upstreams
  const callTimeout = yield* CallTimeout
  const launchTimeout = yield* LaunchTimeout
  const retryDelay = yield* RetryDelay

  const received = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>, B>(
    request: UpstreamRequest<A, S, B>,
    timeout: Duration.Duration
  ): Effect.fn.Return<Received<S["Type"] | B>, UpstreamError> {
    const now = yield* Clock.currentTimeMillis
    const answer = yield* request.send.pipe(
      Effect.mapError(({ cause }) => errors.broken(request, url, cause)),
      Effect.timeoutOrElse({
        duration: timeout,
        orElse: () => Effect.fail(errors.timedOut(request, timeout))
      })
    )
    const { data, headers } = answer
    const seen = budgets(answer, now)
    if (seen.length > 0) yield* upstreams.budget(errors.upstream, seen)
    const meaning = request.also?.(answer)
    if (meaning !== undefined) return { headers, body: meaning }
    const refused = refusal(request, answer, now)
    if (refused !== null) return yield* errors.fail(request, refused)
    const body = yield* Effect.mapError(Schema.decodeUnknownEffect(request.body)(data), () =>
      errors.unexpected(request, data)
    )
    return { headers, body }
  })

  const once = <S extends Schema.ConstraintDecoder<unknown>, B>(
    request: UpstreamRequest<A, S, B>,
    timeout: Duration.Duration
  ) =>
    received(request, timeout).pipe(
      Effect.tap(() => upstreams.ended(errors.upstream, null)),
      Effect.tapError((error) =>
        request.excused?.(error) === true ? Effect.void : upstreams.ended(errors.upstream, error)
      )
    )

  return {
    /** A read, or a write that may be repeated. */
    ask: <S extends Schema.ConstraintDecoder<unknown>, B = never>(request: UpstreamRequest<A, S, B>) =>
      slot(once(request, callTimeout)).pipe(
        withRetry(retryDelay, () => errors.timedOut(request, callTimeout))
      ),

    /** Sent at most once, and only when `proceed`, evaluated last, is true. */
    launch: <S extends Schema.ConstraintDecoder<unknown>, B = never>(
      request: UpstreamRequest<A, S, B>,
      proceed: Effect.Effect<boolean>
    ) =>
      slot(
        Effect.flatMap(proceed, (may) =>
          may ? once(request, launchTimeout) : Effect.fail(errors.heldBack(request))
        )
      )
  }
})
