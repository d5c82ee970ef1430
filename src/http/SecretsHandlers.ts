import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { Secrets } from "../admin/Secrets.ts"
import type { SecretNameTaken } from "../admin/Secrets/errors.ts"
import { byTag } from "./middleware/answer.ts"
import { notFound, refused, unavailable } from "./middleware/errors.ts"
import { invalid } from "./middleware/SchemaErrors.ts"

const refusal = byTag({
  MappingNotFound: notFound,
  SecretNotFound: notFound,
  SecretNameTaken: ({ message }: SecretNameTaken) => invalid("body", [{ path: "name", message }]),
  SecretsUnavailable: unavailable,
  UpstreamError: refused
})

const deleted = { deleted: true as const }

export const layer = HttpApiBuilder.group(
  Api,
  "secrets",
  Effect.fn(function* (handlers) {
    const { global, ofTeam } = yield* Secrets
    return handlers.handleAll({
      listGlobal: () => global.list.pipe(Effect.catch(refusal)),
      setGlobal: Effect.fn(function* ({ payload }) {
        return yield* global.set(payload, yield* CurrentAdmin)
      }, Effect.catch(refusal)),
      deleteGlobal: Effect.fn(function* ({ params }) {
        return yield* Effect.as(global.delete(params.name, yield* CurrentAdmin), deleted)
      }, Effect.catch(refusal)),
      list: ({ params }) => ofTeam(params.teamKey).list.pipe(Effect.catch(refusal)),
      set: Effect.fn(function* ({ params, payload }) {
        return yield* ofTeam(params.teamKey).set(payload, yield* CurrentAdmin)
      }, Effect.catch(refusal)),
      delete: Effect.fn(function* ({ params }) {
        return yield* Effect.as(ofTeam(params.teamKey).delete(params.name, yield* CurrentAdmin), deleted)
      }, Effect.catch(refusal))
    })
  })
)
