import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { RunnerApi } from "../api/RunnerApi.ts"
import { Comments } from "../dispatching/comments/Comments.ts"
import { byTag } from "./middleware/answer.ts"
import { bearerOf } from "./middleware/Caller.ts"
import { notFound, refused, unauthorized } from "./middleware/errors.ts"

const refusal = byTag({ InvalidToken: unauthorized, NotMapped: notFound, UpstreamError: refused })

export const layer = HttpApiBuilder.group(
  RunnerApi,
  "comment",
  Effect.fn(function* (handlers) {
    const comments = yield* Comments
    return handlers.handleAll({
      comment: ({ payload, request }) =>
        comments
          .report(bearerOf(request), payload)
          .pipe(Effect.as({ accepted: true as const }), Effect.catch(refusal))
    })
  })
)
