import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { RunnerApi } from "../api/RunnerApi.ts"
import { runnerLimits } from "../domain/RunnerLimits.ts"
import type { DispatchId } from "../domain/Ids.ts"
import type { Report } from "../domain/Report.ts"
import type { RunContext } from "../domain/RunnerMessages.ts"
import type { Batch } from "./Log.ts"

/** The service refuses the call, or does not answer. */
export class CallFailed extends Data.TaggedError("CallFailed")<{
  readonly reason: string
  readonly message: string
}> {}

export interface VendedToken {
  readonly token: string
  readonly bot: { readonly name: string; readonly email: string } | null
}

/** What a run asks of the service. Calls without an answer are repeated. */
export interface Orchestrator {
  /** Null: another run has claimed the dispatch, or it has ended. */
  readonly claim: Effect.Effect<RunContext | null, CallFailed>
  readonly report: (report: Report) => Effect.Effect<void, CallFailed>
  readonly progress: (batch: Batch) => Effect.Effect<"sent" | "ended" | "lost">
  readonly token: Effect.Effect<VendedToken, CallFailed>
  readonly comment: (number: number, commentId: number) => Effect.Effect<void, CallFailed>
  /** The answer; null when no one answered in time. */
  readonly ask: (question: string, options: ReadonlyArray<string>) => Effect.Effect<string | null, CallFailed>
}

const waitSeconds = 25
const lenient = RunnerApi.annotate(HttpApi.ParseOptions, { errors: "all" })

const isTransient = (error: unknown) => {
  if (Predicate.isTagged(error, "UpstreamUnavailable") || Predicate.isTagged(error, "TooManyCalls"))
    return true
  if (!HttpClientError.isHttpClientError(error)) return false
  const status = error.response?.status
  return status === undefined || status >= 500 || status === 429
}

const sentenceOf = (error: unknown): string => {
  if (Predicate.hasProperty(error, "error") && typeof error.error === "string") return error.error
  if (HttpClientError.isHttpClientError(error)) {
    return error.response === undefined
      ? "The service does not answer."
      : `The service answers ${error.response.status}.`
  }
  if (Schema.isSchemaError(error))
    return "The answer of the service is not of the form that this runner knows."
  return Predicate.hasProperty(error, "message") ? String(error.message) : "The call failed."
}

const backoff = Schedule.min([Schedule.exponential("500 millis"), Schedule.spaced("10 seconds")]).pipe(
  Schedule.jittered
)

const tagOf = (error: unknown) =>
  Predicate.hasProperty(error, "_tag") && typeof error._tag === "string" ? error._tag : "Unexpected"

export interface Line {
  readonly url: string
  readonly dispatchId: DispatchId
  /** A new one for each call where each is valid once. */
  readonly token: Effect.Effect<string, CallFailed>
}

const claimTimeout = "5 minutes"
const reportTimeout = "10 minutes"

export const overHttp = Effect.fnUntraced(function* ({
  dispatchId,
  token,
  url
}: Line): Effect.fn.Return<Orchestrator, never, HttpClient.HttpClient> {
  const unsigned = (yield* HttpClient.HttpClient).pipe(
    HttpClient.mapRequest(HttpClientRequest.prependUrl(url))
  )
  const signed = Effect.map(token, (value) =>
    unsigned.pipe(HttpClient.mapRequest(HttpClientRequest.bearerToken(value)))
  )
  // One less than the service holds open: it may not have noticed yet that a poll was cut off.
  const polls = yield* Semaphore.make(runnerLimits.maxLongPolls - 1)
  const client = Effect.flatMap(signed, (httpClient) => HttpApiClient.makeWith(lenient, { httpClient }))

  const insist = <A, E>(call: Effect.Effect<A, E>, within: Duration.Input) =>
    call.pipe(
      Effect.timeoutOrElse({
        duration: "60 seconds",
        orElse: () =>
          Effect.fail(new CallFailed({ reason: "Timeout", message: "The service does not answer." }))
      }),
      Effect.retry({
        schedule: Schedule.upTo(backoff, { duration: within }),
        while: (error) => isTransient(error) || (error instanceof CallFailed && error.reason === "Timeout")
      }),
      Effect.mapError((error) =>
        error instanceof CallFailed
          ? error
          : new CallFailed({ reason: tagOf(error), message: sentenceOf(error) })
      )
    )

  return {
    claim: insist(
      Effect.flatMap(client, ({ runner }) => runner.claim({ payload: { dispatchId } })),
      claimTimeout
    ).pipe(
      Effect.catchIf(
        ({ reason }) => reason === "Conflict",
        () => Effect.succeed(null)
      )
    ),
    report: (report) =>
      Effect.asVoid(
        insist(
          Effect.flatMap(client, ({ runner }) => runner.report({ payload: report })),
          reportTimeout
        )
      ),
    progress: ({ lines, step }) =>
      Effect.flatMap(client, ({ runner }) =>
        runner.progress({ payload: { dispatchId, lines, ...(step !== undefined && { step }) } })
      ).pipe(
        Effect.retry({
          schedule: Schedule.spaced("1 second"),
          times: 3,
          while: (error) => tagOf(error) === "TooManyCalls"
        }),
        Effect.timeoutOption("20 seconds"),
        Effect.map((answer) => (Option.isSome(answer) ? ("sent" as const) : ("lost" as const))),
        Effect.catch((error) =>
          Effect.succeed(tagOf(error) === "Conflict" ? ("ended" as const) : ("lost" as const))
        )
      ),
    token: insist(
      Effect.flatMap(client, ({ runner }) => runner.token({ payload: { dispatchId } })),
      claimTimeout
    ).pipe(
      Effect.map((answer) => ({
        token: answer.token,
        bot: null
      }))
    ),
    comment: (number, commentId) =>
      Effect.asVoid(
        insist(
          Effect.flatMap(client, ({ comment }) => comment.comment({ payload: { number, commentId } })),
          "1 minute"
        )
      ),
    ask: Effect.fnUntraced(function* (question, options) {
      const { id } = yield* insist(
        Effect.flatMap(client, ({ asking }) =>
          asking.ask({ payload: { dispatchId, text: question, options } })
        ),
        claimTimeout
      )
      const look = insist(
        Effect.flatMap(client, ({ asking }) =>
          asking.question({ params: { id }, query: { wait: waitSeconds } })
        ),
        claimTimeout
      )
      const { answer } = yield* Effect.repeat(polls.withPermits(1)(look), {
        while: ({ state }) => state === "open",
        schedule: Schedule.spaced("200 millis")
      })
      return answer
    })
  }
})
