import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { Candidates } from "../Candidates.ts"
import { byTag, nameOf } from "./answer.ts"
import { conflict, notAdmitted, notFound, unavailable } from "./errors.ts"

const refusal = byTag({
  IssueNotFound: notFound,
  IssueConflict: conflict,
  PlanConflict: conflict,
  NotAdmitted: notAdmitted,
  UpstreamError: unavailable
})

export const layer = HttpApiBuilder.group(
  Api,
  "issues",
  Effect.fn(function* (handlers) {
    const candidates = yield* Candidates
    return handlers.handleAll({
      list: ({ query }) => candidates.list(query),
      unpark: ({ params }) => Effect.mapError(candidates.unpark(params.issueId), refusal),
      reset: ({ params }) => Effect.mapError(candidates.reset(params.issueId), refusal),
      approve: Effect.fn(function* ({ params }) {
        return yield* candidates.approve(params.issueId, yield* CurrentAdmin)
      }, Effect.mapError(refusal)),
      reject: Effect.fn(function* ({ params, payload }) {
        return yield* candidates.reject(params.issueId, payload.reason, yield* CurrentAdmin)
      }, Effect.mapError(refusal)),
      dispatch: Effect.fn(function* ({ params, payload }) {
        const by = nameOf(yield* CurrentAdmin)
        return yield* candidates.dispatch({ issue: params.issueId, phase: payload?.phase, by })
      }, Effect.mapError(refusal)),
      dedup: () => candidates.dedup,
      removeFromDedup: ({ params }) =>
        candidates.removeFromDedup(params.issueId).pipe(
          Effect.map((cleared) => ({ deleted: true as const, cleared })),
          Effect.mapError(refusal)
        )
    })
  })
)
