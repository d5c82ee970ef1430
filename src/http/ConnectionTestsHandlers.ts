import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { Trials } from "../operations/ConnectionTests.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "trials",
  Effect.fn(function* (handlers) {
    const { attempt } = yield* Trials
    return handlers.handleAll({ try: ({ params }) => attempt(params.what) })
  })
)
