import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { Setup as SetupShape } from "../domain/Setup.ts"
import { Setup } from "../operations/Setup.ts"
import { SetupCommands } from "../operations/Setup/SetupCommands.ts"
import { conflict, notFound, upstreamFailure } from "./ErrorResponses.ts"
import { asAdmin } from "./middleware/Authorization.ts"
import { coalesced } from "./middleware/coalesced.ts"

const notDone = { SetupConflict: conflict, UpstreamError: upstreamFailure }
const notFoundOrDone = { SetupNotFound: notFound, UpstreamError: upstreamFailure }

export const layer = HttpApiBuilder.group(
  Api,
  "setup",
  Effect.fn(function* (handlers) {
    const setup = yield* Setup
    const commands = yield* SetupCommands
    const current = coalesced(SetupShape, () => Effect.map(setup.get, (value) => ({ value })))
    return handlers.handleAll({
      get: () => current(null),
      setPollingOnly: asAdmin(({ payload }, by) =>
        Effect.as(commands.setPollingOnly(payload.pollingOnly, by), payload)
      ),
      prepareApp: asAdmin(({ payload }, by) => commands.prepareApp(payload, by)),
      receiveApp: asAdmin(({ payload }, by) =>
        commands.receiveApp(payload, by).pipe(Effect.catchTags(notDone))
      ),
      createWebhook: asAdmin((_, by) => commands.createWebhook(by).pipe(Effect.catchTags(notDone))),
      createLabel: asAdmin(({ payload }, by) =>
        commands.createLabel(payload.teamKey, by).pipe(
          Effect.map((created) => ({ created })),
          Effect.catchTags(notFoundOrDone)
        )
      ),
      createTestIssue: asAdmin(({ payload }, by) =>
        commands
          .createTestIssue(payload.teamKey, by)
          .pipe(Effect.catchTags({ ...notFoundOrDone, ...notDone, MappingNotFound: notFound }))
      ),
      removeTestIssue: asAdmin((_, by) =>
        Effect.as(commands.removeTestIssue(by), { removed: true as const }).pipe(
          Effect.catchTags(notFoundOrDone)
        )
      )
    })
  })
)
