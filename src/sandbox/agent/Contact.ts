import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as Schedule from "effect/Schedule"
import { RunnerApi } from "../../api/RunnerApi.ts"
import type { Report } from "../../domain/Report.ts"
import type { Job, Question } from "./behaviour.ts"
import type { DispatchId } from "../../domain/Ids.ts"

/** The service refuses this agent, or was unreachable for long. */
export class Cut extends Data.TaggedError("Cut")<{ readonly message: string }> {}

type Said = Omit<Report, "dispatchId" | "phase">

export interface Contact {
  /** Null: another run has claimed it, and there is nothing to do. */
  readonly claim: Effect.Effect<Job | null, Cut>
  readonly progress: (step: string, lines: ReadonlyArray<string>) => Effect.Effect<void>
  readonly ask: (question: Question) => Effect.Effect<string | null, Cut>
  readonly report: (job: Job, said: Said) => Effect.Effect<void, Cut>
}

export interface Line {
  readonly url: string
  readonly dispatchId: DispatchId
  /** A new one for each call where each is valid once. */
  readonly token: Effect.Effect<string>
}

const retryPolicy = { schedule: Schedule.spaced("1 second"), times: 60 }
const waitSeconds = 25

/** Over the service's own `/runner` routes. A call without an answer, or with 5xx, is retried. */
export const overRunner = Effect.fnUntraced(function* ({ dispatchId, token, url }: Line) {
  const client = yield* HttpApiClient.make(RunnerApi, {
    transformClient: (client) =>
      client.pipe(
        HttpClient.mapRequest(HttpClientRequest.prependUrl(url)),
        HttpClient.mapRequestEffect((request) =>
          Effect.map(token, (value) => HttpClientRequest.bearerToken(request, value))
        )
      )
  })

  const insist = <A, E extends { readonly _tag: string; readonly message: string }>(
    call: Effect.Effect<A, E>
  ) =>
    call.pipe(
      Effect.retry({
        ...retryPolicy,
        while: ({ _tag }) =>
          _tag === "UpstreamUnavailable" || _tag === "TooManyCalls" || _tag === "HttpClientError"
      }),
      Effect.mapError((error) => new Cut({ message: `${error._tag}: ${error.message}` }))
    )

  const contact: Contact = {
    claim: insist(
      client.runner
        .claim({ payload: { dispatchId } })
        .pipe(Effect.catchTag("Conflict", () => Effect.succeed(null)))
    ),
    progress: (step, lines) =>
      client.runner
        .progress({ payload: { dispatchId, step, lines } })
        .pipe(Effect.retry({ ...retryPolicy, while: ({ _tag }) => _tag === "TooManyCalls" }), Effect.ignore),
    ask: Effect.fnUntraced(function* ({ options, text }) {
      const { id } = yield* insist(client.asking.ask({ payload: { dispatchId, text, options } }))
      const look = insist(client.asking.question({ params: { id }, query: { wait: waitSeconds } }))
      const { answer } = yield* Effect.repeat(look, { while: ({ state }) => state === "open" })
      return answer
    }),
    report: ({ phase }, said) =>
      Effect.asVoid(insist(client.runner.report({ payload: { dispatchId, phase, ...said } })))
  }
  return contact
})

/** Without a public address: the report is left with the run, and no one can be asked. */
export const asArtifact = (
  job: Job,
  dispatchId: string,
  leave: (report: string) => Effect.Effect<unknown>
): Contact => ({
  claim: Effect.succeed(job),
  progress: () => Effect.void,
  ask: () => Effect.succeed(null),
  report: ({ phase }, said) => Effect.asVoid(leave(JSON.stringify({ dispatchId, phase, ...said })))
})
