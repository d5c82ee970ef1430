import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Schema from "effect/Schema"
import { Api } from "../api/Api.ts"
import { IssueCommands } from "../dispatching/commands/IssueCommands.ts"
import { DispatchCommands } from "../dispatching/commands/DispatchCommands.ts"
import { Dispatches } from "../dispatching/dispatches/Dispatches.ts"
import type { LogFilter } from "../dispatching/dispatches/DispatchesRepo.ts"
import { Dispatch } from "../domain/Dispatch.ts"
import { conflict, notAdmitted, notFound, upstreamFailure } from "./ErrorResponses.ts"
import { asAdmin } from "./middleware/Authorization.ts"
import { pageOf } from "./paging.ts"
import { coalesced } from "./middleware/coalesced.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "dispatches",
  Effect.fn(function* (handlers) {
    const dispatches = yield* Dispatches
    const issueCommands = yield* IssueCommands
    const dispatchCommands = yield* DispatchCommands
    const log = coalesced(Schema.Array(Dispatch), (query: Omit<LogFilter, "limit"> & { limit?: number }) =>
      pageOf("/api/log", query, dispatches.log)
    )
    return handlers.handleAll({
      log: ({ query }) => log(query),
      get: ({ params }) => dispatches.get(params.id).pipe(Effect.catchTags({ DispatchNotFound: notFound })),
      events: ({ params }) =>
        dispatches.events(params.id).pipe(Effect.catchTags({ DispatchNotFound: notFound })),
      logs: ({ params }) => dispatches.logs(params.id).pipe(Effect.catchTags({ DispatchNotFound: notFound })),
      cancel: asAdmin(({ params }, by) =>
        dispatchCommands
          .cancel(params.id, by)
          .pipe(Effect.catchTags({ DispatchNotFound: notFound, DispatchConflict: conflict }))
      ),
      retry: asAdmin(({ params }, by) =>
        issueCommands.retry(params.id, by).pipe(
          Effect.catchTags({
            DispatchNotFound: notFound,
            DispatchConflict: conflict,
            NotAdmitted: notAdmitted,
            UpstreamError: upstreamFailure
          })
        )
      )
    })
  })
)
