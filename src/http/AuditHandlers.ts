import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { Api } from "../api/Api.ts"
import { Audit } from "../admin/Audit.ts"
import { setHeaders } from "./response.ts"
import { pageOf } from "./paging.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "audit",
  Effect.fn(function* (handlers) {
    const audit = yield* Audit
    return handlers.handle(
      "list",
      Effect.fn("Audit.list")(function* ({ query }) {
        const { headers, value } = yield* pageOf("/api/audit", query, audit.list)
        yield* setHeaders(headers)
        return value
      })
    )
  })
)
