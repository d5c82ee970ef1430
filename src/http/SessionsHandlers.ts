import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { Sessions } from "../dispatching/sessions/Sessions.ts"
import { byTag } from "./middleware/answer.ts"
import { notFound, refused } from "./middleware/errors.ts"

const refusal = byTag({ SessionNotFound: notFound, UpstreamError: refused })

export const layer = HttpApiBuilder.group(
  Api,
  "sessions",
  Effect.fn(function* (handlers) {
    const sessions = yield* Sessions
    return handlers.handleAll({
      list: () => sessions.list,
      destroy: Effect.fn(function* ({ params }) {
        const effects = yield* sessions.destroy(params.machineId, yield* CurrentAdmin)
        return { destroyed: true as const, effects }
      }, Effect.catch(refusal))
    })
  })
)
