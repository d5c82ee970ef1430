import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { IssueCommands } from "../dispatching/commands/IssueCommands.ts"
import { Issues } from "../dispatching/issues/Issues.ts"
import { conflict, notAdmitted, notFound, upstreamFailure } from "./ErrorResponses.ts"
import { asAdmin } from "./middleware/Authorization.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "issues",
  Effect.fn(function* (handlers) {
    const commands = yield* IssueCommands
    const issues = yield* Issues
    return handlers.handleAll({
      list: ({ query }) => issues.list(query),
      unpark: asAdmin(({ params }, by) =>
        commands
          .unpark(params.issueId, by)
          .pipe(Effect.catchTags({ IssueNotFound: notFound, IssueConflict: conflict }))
      ),
      reset: asAdmin(({ params }, by) =>
        commands.reset(params.issueId, by).pipe(
          Effect.catchTags({
            IssueNotFound: notFound,
            IssueConflict: conflict,
            UpstreamError: upstreamFailure
          })
        )
      ),
      approve: asAdmin(({ params }, by) =>
        commands
          .approve(params.issueId, by)
          .pipe(Effect.catchTags({ IssueNotFound: notFound, PlanConflict: conflict }))
      ),
      reject: asAdmin(({ params, payload }, by) =>
        commands
          .reject(params.issueId, payload.reason, by)
          .pipe(Effect.catchTags({ IssueNotFound: notFound, PlanConflict: conflict }))
      ),
      dispatch: asAdmin(({ params, payload }, by) =>
        commands.dispatch({ issue: params.issueId, phase: payload?.phase, by }).pipe(
          Effect.catchTags({
            IssueNotFound: notFound,
            NotAdmitted: notAdmitted,
            UpstreamError: upstreamFailure
          })
        )
      ),
      dedup: () => issues.dedup,
      removeFromDedup: asAdmin(({ params }, by) =>
        commands.removeFromDedup(params.issueId, by).pipe(
          Effect.map((cleared) => ({ deleted: true as const, cleared })),
          Effect.catchTags({ IssueNotFound: notFound })
        )
      )
    })
  })
)
