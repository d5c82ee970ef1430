import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { Candidates } from "../Candidates.ts"
import { Dispatches } from "../Dispatches.ts"
import { byTag, nameOf } from "./answer.ts"
import { conflict, notAdmitted, notFound, unavailable } from "./errors.ts"
import { paged } from "./page.ts"

const refusal = byTag({
  DispatchNotFound: notFound,
  DispatchConflict: conflict,
  NotAdmitted: notAdmitted,
  UpstreamError: unavailable
})

export const layer = HttpApiBuilder.group(
  Api,
  "dispatches",
  Effect.fn(function* (handlers) {
    const dispatches = yield* Dispatches
    const candidates = yield* Candidates
    return handlers.handleAll({
      log: ({ query }) => paged("/api/log", query, dispatches.log),
      get: ({ params }) => Effect.mapError(dispatches.get(params.id), refusal),
      events: ({ params }) => Effect.mapError(dispatches.events(params.id), refusal),
      logs: ({ params }) => Effect.mapError(dispatches.logs(params.id), refusal),
      cancel: Effect.fn(function* ({ params }) {
        return yield* dispatches.cancel(params.id, nameOf(yield* CurrentAdmin))
      }, Effect.mapError(refusal)),
      retry: Effect.fn(function* ({ params }) {
        return yield* candidates.retry(params.id, nameOf(yield* CurrentAdmin))
      }, Effect.mapError(refusal))
    })
  })
)
