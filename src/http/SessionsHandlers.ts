import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { Sessions } from "../dispatching/sessions/Sessions.ts"
import { notFound, upstreamFailure } from "./ErrorResponses.ts"
import { asAdmin } from "./middleware/Authorization.ts"
import { MachineId } from "../domain/Ids.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "sessions",
  Effect.fn(function* (handlers) {
    const sessions = yield* Sessions
    return handlers.handleAll({
      list: () => sessions.list,
      destroy: asAdmin(({ params }, by) =>
        sessions
          .destroy(MachineId.make(params.machineId), by)
          .pipe(Effect.catchTags({ SessionNotFound: notFound, UpstreamError: upstreamFailure }))
      )
    })
  })
)
