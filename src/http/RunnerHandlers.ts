import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import { RunnerApi } from "../api/RunnerApi.ts"
import { TooManyCalls as TooManyCallsResponse } from "../api/Errors.ts"
import type { TooManyCalls } from "../dispatching/callbacks/errors.ts"
import { Runner } from "../dispatching/callbacks/Runner.ts"
import { conflict, failWithRetryAfter, notFound, unauthorized, upstreamFailure } from "./ErrorResponses.ts"
import { bearerToken } from "./middleware/Caller.ts"
import { Shutdown } from "./Shutdown.ts"

const failures = {
  InvalidToken: unauthorized,
  DispatchNotFound: notFound,
  DispatchConflict: conflict,
  UpstreamError: upstreamFailure,
  TooManyCalls: ({ message, retryAfter }: TooManyCalls) =>
    failWithRetryAfter(new TooManyCallsResponse({ error: message, retryAfter }))
}

const accepted = { accepted: true as const }

const working = HttpApiBuilder.group(
  RunnerApi,
  "runner",
  Effect.fn(function* (handlers) {
    const runner = yield* Runner
    return handlers.handleAll({
      claim: ({ payload, request }) =>
        runner.claim(bearerToken(request), payload.dispatchId).pipe(Effect.catchTags(failures)),
      token: ({ payload, request }) =>
        runner.token(bearerToken(request), payload.dispatchId).pipe(Effect.catchTags(failures)),
      report: ({ payload, request }) =>
        runner.report(bearerToken(request), payload).pipe(Effect.as(accepted), Effect.catchTags(failures)),
      progress: ({ payload, request }) =>
        runner.progress(bearerToken(request), payload).pipe(Effect.as(accepted), Effect.catchTags(failures))
    })
  })
)

const asking = HttpApiBuilder.group(
  RunnerApi,
  "asking",
  Effect.fn(function* (handlers) {
    const runner = yield* Runner
    const { begun } = yield* Shutdown
    return handlers.handleAll({
      ask: ({ payload, request }) =>
        runner.ask(bearerToken(request), payload).pipe(Effect.catchTags(failures)),
      question: ({ params, query, request }) =>
        runner
          .question(bearerToken(request), params.id, query.wait ?? 0, Deferred.await(begun))
          .pipe(Effect.catchTags({ ...failures, QuestionNotFound: notFound }))
    })
  })
)

export const layer = Layer.merge(working, asking)
