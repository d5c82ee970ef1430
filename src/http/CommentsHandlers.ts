import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { RunnerApi } from "../api/RunnerApi.ts"
import { Comments } from "../dispatching/comments/Comments.ts"
import { notFound, unauthorized, upstreamFailure } from "./ErrorResponses.ts"
import { bearerToken } from "./middleware/Caller.ts"

export const layer = HttpApiBuilder.group(
  RunnerApi,
  "comment",
  Effect.fn(function* (handlers) {
    const comments = yield* Comments
    return handlers.handleAll({
      comment: ({ payload, request }) =>
        comments.report(bearerToken(request), payload).pipe(
          Effect.as({ accepted: true as const }),
          Effect.catchTags({
            InvalidToken: unauthorized,
            NotMapped: notFound,
            UpstreamError: upstreamFailure
          })
        )
    })
  })
)
