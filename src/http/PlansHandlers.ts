import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { Dispatches } from "../dispatching/dispatches/Dispatches.ts"
import { Plans } from "../dispatching/plans/Plans.ts"
import { notFound } from "./ErrorResponses.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "plans",
  Effect.fn(function* (handlers) {
    const dispatches = yield* Dispatches
    const plans = yield* Plans
    return handlers.handleAll({
      get: ({ params }) =>
        dispatches
          .get(params.dispatchId)
          .pipe(Effect.flatMap(plans.history), Effect.catchTags({ DispatchNotFound: notFound }))
    })
  })
)
