import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { IssueCommands } from "../dispatching/commands/IssueCommands.ts"
import { Issues } from "../dispatching/issues/Issues.ts"
import { byTag } from "./middleware/answer.ts"
import { conflict, notAdmitted, notFound, refused } from "./middleware/errors.ts"

const refusal = byTag({
  IssueNotFound: notFound,
  IssueConflict: conflict,
  PlanConflict: conflict,
  NotAdmitted: notAdmitted,
  UpstreamError: refused
})

export const layer = HttpApiBuilder.group(
  Api,
  "issues",
  Effect.fn(function* (handlers) {
    const commands = yield* IssueCommands
    const issues = yield* Issues
    return handlers.handleAll({
      list: ({ query }) => issues.list(query),
      unpark: Effect.fn(function* ({ params }) {
        return yield* commands.unpark(params.issueId, yield* CurrentAdmin)
      }, Effect.catch(refusal)),
      reset: Effect.fn(function* ({ params }) {
        return yield* commands.reset(params.issueId, yield* CurrentAdmin)
      }, Effect.catch(refusal)),
      approve: Effect.fn(function* ({ params }) {
        return yield* commands.approve(params.issueId, yield* CurrentAdmin)
      }, Effect.catch(refusal)),
      reject: Effect.fn(function* ({ params, payload }) {
        return yield* commands.reject(params.issueId, payload.reason, yield* CurrentAdmin)
      }, Effect.catch(refusal)),
      dispatch: Effect.fn(function* ({ params, payload }) {
        const by = yield* CurrentAdmin
        return yield* commands.dispatch({ issue: params.issueId, phase: payload?.phase, by })
      }, Effect.catch(refusal)),
      dedup: () => issues.dedup,
      removeFromDedup: Effect.fn(function* ({ params }) {
        const cleared = yield* commands.removeFromDedup(params.issueId, yield* CurrentAdmin)
        return { deleted: true as const, cleared }
      }, Effect.catch(refusal))
    })
  })
)
