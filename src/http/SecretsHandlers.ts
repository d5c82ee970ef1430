import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Secrets } from "../admin/Secrets.ts"
import type { SecretNameTaken } from "../admin/Secrets/errors.ts"
import { Api } from "../api/Api.ts"
import { invalid, notFound, unavailable, upstreamFailure } from "./ErrorResponses.ts"
import { asAdmin } from "./middleware/Authorization.ts"

const flyFailures = { SecretsUnavailable: unavailable, UpstreamError: upstreamFailure }
const teamFailures = { ...flyFailures, MappingNotFound: notFound }
const nameTaken = ({ message }: SecretNameTaken) => invalid("body", [{ path: "name", message }])

const deleted = { deleted: true as const }

export const layer = HttpApiBuilder.group(
  Api,
  "secrets",
  Effect.fn(function* (handlers) {
    const { global, ofTeam } = yield* Secrets
    return handlers.handleAll({
      listGlobal: () => global.list.pipe(Effect.catchTags(flyFailures)),
      setGlobal: asAdmin(({ payload }, by) =>
        global.set(payload, by).pipe(Effect.catchTags({ ...flyFailures, SecretNameTaken: nameTaken }))
      ),
      deleteGlobal: asAdmin(({ params }, by) =>
        global
          .delete(params.name, by)
          .pipe(Effect.as(deleted), Effect.catchTags({ ...flyFailures, SecretNotFound: notFound }))
      ),
      list: ({ params }) => ofTeam(params.teamKey).list.pipe(Effect.catchTags(teamFailures)),
      set: asAdmin(({ params, payload }, by) =>
        ofTeam(params.teamKey)
          .set(payload, by)
          .pipe(Effect.catchTags({ ...teamFailures, SecretNameTaken: nameTaken }))
      ),
      delete: asAdmin(({ params }, by) =>
        ofTeam(params.teamKey)
          .delete(params.name, by)
          .pipe(Effect.as(deleted), Effect.catchTags({ ...teamFailures, SecretNotFound: notFound }))
      )
    })
  })
)
