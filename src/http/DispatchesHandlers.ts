import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Schema from "effect/Schema"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { IssueCommands } from "../dispatching/commands/IssueCommands.ts"
import { DispatchCommands } from "../dispatching/commands/DispatchCommands.ts"
import { Dispatches } from "../dispatching/dispatches/Dispatches.ts"
import type { LogFilter } from "../dispatching/dispatches/DispatchesRepo.ts"
import { Dispatch } from "../domain/Dispatch.ts"
import { byTag } from "./middleware/answer.ts"
import { conflict, notAdmitted, notFound, refused } from "./middleware/errors.ts"
import { pageOf } from "./paging.ts"
import { coalesced } from "./middleware/coalesced.ts"

const refusal = byTag({
  DispatchNotFound: notFound,
  DispatchConflict: conflict,
  NotAdmitted: notAdmitted,
  UpstreamError: refused
})

export const layer = HttpApiBuilder.group(
  Api,
  "dispatches",
  Effect.fn(function* (handlers) {
    const dispatches = yield* Dispatches
    const candidates = yield* IssueCommands
    const commands = yield* DispatchCommands
    const log = coalesced(Schema.Array(Dispatch), (query: Omit<LogFilter, "limit"> & { limit?: number }) =>
      pageOf("/api/log", query, dispatches.log)
    )
    return handlers.handleAll({
      log: ({ query }) => log(query),
      get: ({ params }) => dispatches.get(params.id).pipe(Effect.catch(refusal)),
      events: ({ params }) => dispatches.events(params.id).pipe(Effect.catch(refusal)),
      logs: ({ params }) => dispatches.logs(params.id).pipe(Effect.catch(refusal)),
      cancel: Effect.fn(function* ({ params }) {
        return yield* commands.cancel(params.id, yield* CurrentAdmin)
      }, Effect.catch(refusal)),
      retry: Effect.fn(function* ({ params }) {
        return yield* candidates.retry(params.id, yield* CurrentAdmin)
      }, Effect.catch(refusal))
    })
  })
)
