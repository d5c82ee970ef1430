import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Schema from "effect/Schema"
import { type MappingInvalid, Mappings } from "../admin/Mappings.ts"
import { Secrets } from "../admin/Secrets.ts"
import { Api } from "../api/Api.ts"
import { SyncWorkflows } from "../dispatching/commands/SyncWorkflows.ts"
import { Readiness } from "../dispatching/readiness/Readiness.ts"
import { Mapping } from "../domain/Mapping.ts"
import {
  conflict,
  invalid,
  notFound,
  unavailable,
  upstreamFailure,
  upstreamRefused
} from "./ErrorResponses.ts"
import { asAdmin } from "./middleware/Authorization.ts"
import { coalesced } from "./middleware/coalesced.ts"
import { setStatus } from "./response.ts"

const notSynced = {
  MappingNotFound: notFound,
  RunnerNotBuilt: unavailable,
  SyncRefused: upstreamRefused,
  UpstreamError: upstreamFailure
}

const notRemoved = { MappingNotFound: notFound, MappingConflict: conflict }

export const layer = HttpApiBuilder.group(
  Api,
  "mappings",
  Effect.fn(function* (handlers) {
    const mappings = yield* Mappings
    const readiness = yield* Readiness
    const secrets = yield* Secrets
    const syncWorkflows = yield* SyncWorkflows
    const list = coalesced(Schema.Array(Mapping), () => Effect.map(mappings.list, (value) => ({ value })))
    return handlers.handleAll({
      list: () => list(null),
      save: asAdmin(({ payload }, by) =>
        mappings.save(payload, by).pipe(
          Effect.tap(({ created }) => (created ? setStatus(201) : Effect.void)),
          Effect.map(({ mapping }) => mapping),
          Effect.catchTags({
            MappingConflict: conflict,
            MappingInvalid: ({ issues }: MappingInvalid) => invalid("mapping", issues)
          })
        )
      ),
      patch: asAdmin(({ params, payload }, by) =>
        mappings.patch(params.teamKey, payload, by).pipe(Effect.catchTags({ MappingNotFound: notFound }))
      ),
      readiness: ({ params }) =>
        readiness
          .check(params.teamKey)
          .pipe(Effect.catchTags({ MappingNotFound: notFound, UpstreamError: upstreamFailure })),
      sync: asAdmin(({ params }, by) =>
        syncWorkflows.sync(params.teamKey, by).pipe(Effect.catchTags(notSynced))
      ),
      templates: ({ params }) =>
        syncWorkflows
          .files(params.teamKey)
          .pipe(Effect.catchTags({ MappingNotFound: notFound, RunnerNotBuilt: unavailable })),
      delete: asAdmin(({ params, query }, by) => {
        const options = { ifIdle: query.ifIdle === "true" }
        const removed =
          query.secrets === "delete"
            ? secrets.removeWithMapping(params.teamKey, options, by).pipe(
                Effect.catchTags({
                  ...notRemoved,
                  SecretsUnavailable: unavailable,
                  UpstreamError: upstreamFailure
                })
              )
            : mappings.remove(params.teamKey, options, by).pipe(Effect.catchTags(notRemoved))
        return Effect.map(removed, (counts) => ({ deleted: true as const, ...counts }))
      })
    })
  })
)
