import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { Conflict, NotFound } from "../api/Errors.ts"
import { type MappingConflict, type MappingInvalid, type MappingNotFound, Mappings } from "../Mappings.ts"
import { Readiness } from "../Readiness.ts"
import { answerAs, byTag } from "./answer.ts"
import { unavailable } from "./errors.ts"
import { invalid } from "./SchemaErrors.ts"

const refusal = byTag({
  MappingNotFound: ({ message }: MappingNotFound) => new NotFound({ error: message }),
  MappingConflict: ({ message }: MappingConflict) => new Conflict({ error: message }),
  UpstreamError: unavailable,
  MappingInvalid: ({ issues }: MappingInvalid) => invalid("mapping", issues)
})

export const layer = HttpApiBuilder.group(
  Api,
  "mappings",
  Effect.fn(function* (handlers) {
    const mappings = yield* Mappings
    const readiness = yield* Readiness
    return handlers.handleAll({
      list: () => mappings.list,
      save: Effect.fn(function* ({ payload }) {
        const { created, mapping } = yield* mappings.save(payload, yield* CurrentAdmin)
        if (created) yield* answerAs(201)
        return mapping
      }, Effect.mapError(refusal)),
      patch: Effect.fn(function* ({ params, payload }) {
        return yield* mappings.patch(params.teamKey, payload, yield* CurrentAdmin)
      }, Effect.mapError(refusal)),
      readiness: ({ params }) => Effect.mapError(readiness.look(params.teamKey), refusal),
      delete: Effect.fn(function* ({ params, query }) {
        const removed = yield* mappings.remove(
          params.teamKey,
          { ifIdle: query.ifIdle === "true" },
          yield* CurrentAdmin
        )
        return { deleted: true as const, ...removed }
      }, Effect.mapError(refusal))
    })
  })
)
