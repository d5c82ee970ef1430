import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { Candidates } from "../Candidates.ts"
import { Dispatches } from "../Dispatches.ts"
import { answerWith, byTag, nameOf } from "./answer.ts"
import { conflict, notAdmitted, notFound, unavailable } from "./errors.ts"
import { nextPage, pageSize } from "./page.ts"

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
      log: Effect.fn(function* ({ query }) {
        const size = query.limit ?? pageSize
        const asked = Math.min(size + 1, pageSize)
        const rows = yield* dispatches.log({ ...query, limit: asked })
        const page = rows.slice(0, size)
        const before = page.at(-1)?.id
        if (before === undefined || rows.length < asked) return page
        const more = rows.length > size || (yield* dispatches.log({ ...query, before, limit: 1 })).length > 0
        if (more) yield* answerWith(nextPage("/api/log", { ...query, before }))
        return page
      }),
      get: ({ params }) => Effect.mapError(dispatches.get(params.id), refusal),
      events: ({ params }) => Effect.mapError(dispatches.events(params.id), refusal),
      cancel: Effect.fn(function* ({ params }) {
        return yield* dispatches.cancel(params.id, nameOf(yield* CurrentAdmin))
      }, Effect.mapError(refusal)),
      retry: Effect.fn(function* ({ params }) {
        return yield* candidates.retry(params.id, nameOf(yield* CurrentAdmin))
      }, Effect.mapError(refusal))
    })
  })
)
