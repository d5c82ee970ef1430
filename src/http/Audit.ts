import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { Api } from "../api/Api.ts"
import { Audit } from "../Audit.ts"
import { paged } from "./page.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "audit",
  Effect.fn(function* (handlers) {
    const audit = yield* Audit
    return handlers.handle("list", ({ query }) => paged("/api/audit", query, audit.list))
  })
)
