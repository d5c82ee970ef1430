import { Octokit } from "@octokit/rest"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { Upstreams } from "../health/Upstreams.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { makeBudgets } from "./budgets.ts"
import { type UpstreamCall, broken, type Failure, refused, timedOut, unexpected } from "./errors.ts"
import type { Known } from "./etags.ts"
import { type Operation, operations } from "./operations.ts"

export interface Sent<S extends Schema.ConstraintDecoder<unknown>> extends UpstreamCall {
  readonly operation: Operation
  readonly parameters: Readonly<Record<string, unknown>>
  readonly authorization: string
  readonly timeout: Duration.Duration
  readonly body: S
  /** Whose budget it uses: the repository's owner; null for the App itself. */
  readonly owner: string | null
  readonly known?: Known<S["Type"]> | undefined
  /** Statuses besides success that are an answer. */
  readonly also?: ReadonlyArray<number> | undefined
}

export interface Answer<A> {
  readonly etag: string | undefined
  readonly body: A
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

const failureOf = (cause: unknown): Failure | undefined => {
  const response = Predicate.isObject(cause) ? cause["response"] : undefined
  if (!Predicate.isObject(response) || typeof response["status"] !== "number") return undefined
  const headers = Predicate.isObject(response["headers"]) ? response["headers"] : {}
  return {
    status: response["status"],
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    data: response["data"]
  }
}

/** A token that was revoked or has expired says nothing about GitHub: another one is asked for. */
const isStaleToken = ({ owner }: Sent<Schema.ConstraintDecoder<unknown>>, { reason }: UpstreamError) =>
  owner !== null && reason._tag === "Unauthorized"

/** One request, sent once: a timeout, an abort on interruption, and its end and budget told. */
export const makeTransport = Effect.fnUntraced(function* (baseUrl: string) {
  const upstreams = yield* Upstreams
  const octokit = new Octokit({ baseUrl, log: silent, userAgent: "ai-implement" })
  const budgets = makeBudgets()

  const request = (sent: Sent<Schema.ConstraintDecoder<unknown>>) =>
    Effect.tryPromise({
      try: (signal): Promise<Failure> =>
        octokit.request(operations[sent.operation], {
          ...sent.parameters,
          headers: {
            authorization: sent.authorization,
            ...(sent.known !== undefined && { "if-none-match": sent.known.etag })
          },
          request: { signal, log: silent }
        }),
      catch: (cause) => ({ cause, failure: failureOf(cause) })
    })

  const answered = Effect.fnUntraced(function* <S extends Schema.ConstraintDecoder<unknown>>(
    sent: Sent<S>
  ): Effect.fn.Return<Answer<S["Type"]>, UpstreamError> {
    const now = yield* Clock.currentTimeMillis
    const tell = ({ headers }: Failure) =>
      sent.owner === null ? Effect.void : upstreams.budget("github", budgets(sent.owner, headers, now))
    const { status, data, headers } = yield* request(sent).pipe(
      Effect.catch(({ cause, failure }) =>
        failure === undefined ? Effect.fail(broken(sent, baseUrl, cause)) : Effect.succeed(failure)
      ),
      Effect.tap(tell)
    )
    if (status === 304 && sent.known !== undefined) return sent.known
    if (status >= 300 && sent.also?.includes(status) !== true) {
      return yield* refused(sent, { status, data, headers }, now)
    }
    const body = yield* Effect.mapError(
      Schema.decodeUnknownEffect(sent.body)(status === 204 ? null : data),
      () => unexpected(sent, data)
    )
    return { etag: headers["etag"]?.toString(), body }
  })

  return <S extends Schema.ConstraintDecoder<unknown>>(sent: Sent<S>) =>
    answered(sent).pipe(
      Effect.timeoutOrElse({
        duration: sent.timeout,
        orElse: () => Effect.fail(timedOut(sent, sent.timeout))
      }),
      Effect.tap(() => upstreams.ended("github", null)),
      Effect.tapError((error) => (isStaleToken(sent, error) ? Effect.void : upstreams.ended("github", error)))
    )
})
