import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import { RunnerApi } from "../api/RunnerApi.ts"
import { Runner } from "../dispatching/callbacks/Runner.ts"
import { byTag } from "./middleware/answer.ts"
import { bearerOf } from "./middleware/Caller.ts"
import { conflict, notFound, refused, unauthorized } from "./middleware/errors.ts"
import { Shutdown } from "./Shutdown.ts"

const refusal = byTag({
  InvalidToken: unauthorized,
  DispatchNotFound: notFound,
  QuestionNotFound: notFound,
  DispatchConflict: conflict,
  UpstreamError: refused
})

const accepted = { accepted: true as const }

const working = HttpApiBuilder.group(
  RunnerApi,
  "runner",
  Effect.fn(function* (handlers) {
    const runner = yield* Runner
    return handlers.handleAll({
      claim: ({ payload, request }) =>
        runner.claim(bearerOf(request), payload.dispatchId).pipe(Effect.catch(refusal)),
      report: ({ payload, request }) =>
        runner.report(bearerOf(request), payload).pipe(Effect.as(accepted), Effect.catch(refusal)),
      progress: ({ payload, request }) =>
        runner.progress(bearerOf(request), payload).pipe(Effect.as(accepted), Effect.catch(refusal))
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
      ask: ({ payload, request }) => runner.ask(bearerOf(request), payload).pipe(Effect.catch(refusal)),
      question: ({ params, query, request }) =>
        runner
          .question(bearerOf(request), params.id, query.wait ?? 0, Deferred.await(begun))
          .pipe(Effect.catch(refusal))
    })
  })
)

export const layer = Layer.merge(working, asking)
