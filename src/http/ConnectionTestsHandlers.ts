import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { ConnectionTests } from "../operations/ConnectionTests.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "connectionTests",
  Effect.fn(function* (handlers) {
    const connections = yield* ConnectionTests
    return handlers.handleAll({ try: ({ params }) => connections.test(params.what) })
  })
)
