import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { RunnerApi } from "../api/Runner.ts"
import { Runner } from "../Runner.ts"
import { byTag } from "./answer.ts"
import { bearerOf } from "./Caller.ts"
import { conflict, notFound, unauthorized, unavailable } from "./errors.ts"

const refusal = byTag({
  NotAuthentic: unauthorized,
  DispatchNotFound: notFound,
  DispatchConflict: conflict,
  UpstreamError: unavailable
})

const accepted = { accepted: true as const }

export const layer = HttpApiBuilder.group(
  RunnerApi,
  "runner",
  Effect.fn(function* (handlers) {
    const runner = yield* Runner
    return handlers.handleAll({
      claim: ({ payload, request }) =>
        Effect.mapError(runner.claim(bearerOf(request), payload.dispatchId), refusal),
      report: ({ payload, request }) =>
        runner.report(bearerOf(request), payload).pipe(Effect.as(accepted), Effect.mapError(refusal)),
      progress: ({ payload, request }) =>
        runner.progress(bearerOf(request), payload).pipe(Effect.as(accepted), Effect.mapError(refusal))
    })
  })
)
