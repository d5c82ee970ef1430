import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Schema from "effect/Schema"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { Conflict } from "../api/Errors.ts"
import { type MappingConflict, type MappingInvalid, Mappings } from "../admin/Mappings.ts"
import { Mapping } from "../domain/Mapping.ts"
import { Readiness } from "../dispatching/readiness/Readiness.ts"
import { answerAs, byTag } from "./middleware/answer.ts"
import { Secrets } from "../admin/Secrets.ts"
import { notFound, refused, unavailable } from "./middleware/errors.ts"
import { invalid } from "./middleware/SchemaErrors.ts"
import { coalesced } from "./middleware/coalesced.ts"

const refusal = byTag({
  MappingNotFound: notFound,
  MappingConflict: ({ message }: MappingConflict) => new Conflict({ error: message }),
  SecretsUnavailable: unavailable,
  UpstreamError: refused,
  MappingInvalid: ({ issues }: MappingInvalid) => invalid("mapping", issues)
})

export const layer = HttpApiBuilder.group(
  Api,
  "mappings",
  Effect.fn(function* (handlers) {
    const mappings = yield* Mappings
    const readiness = yield* Readiness
    const secrets = yield* Secrets
    const list = coalesced(Schema.Array(Mapping), () => Effect.map(mappings.list, (value) => ({ value })))
    return handlers.handleAll({
      list: () => list(null),
      save: Effect.fn(function* ({ payload }) {
        const { created, mapping } = yield* mappings.save(payload, yield* CurrentAdmin)
        if (created) yield* answerAs(201)
        return mapping
      }, Effect.catch(refusal)),
      patch: Effect.fn(function* ({ params, payload }) {
        return yield* mappings.patch(params.teamKey, payload, yield* CurrentAdmin)
      }, Effect.catch(refusal)),
      readiness: ({ params }) => readiness.check(params.teamKey).pipe(Effect.catch(refusal)),
      delete: Effect.fn(function* ({ params, query }) {
        const remove = query.secrets === "delete" ? secrets.removeWithMapping : mappings.remove
        const removed = yield* remove(
          params.teamKey,
          { ifIdle: query.ifIdle === "true" },
          yield* CurrentAdmin
        )
        return { deleted: true as const, ...removed }
      }, Effect.catch(refusal))
    })
  })
)
