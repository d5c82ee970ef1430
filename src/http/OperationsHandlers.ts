import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { UpstreamUnavailable } from "../api/Errors.ts"
import { AppConfig } from "../platform/Config.ts"
import { Instance } from "../admin/Instance.ts"
import { Overview } from "../operations/Overview.ts"
import { Overview as Shape } from "../domain/Overview.ts"
import { Passes } from "../dispatching/poller/Passes.ts"
import { type SettingRefused, Settings } from "../admin/Settings.ts"
import { byTag } from "./middleware/answer.ts"
import { coalesced } from "./middleware/coalesced.ts"
import { invalid } from "./middleware/SchemaErrors.ts"

const refusal = byTag({
  SettingRefused: ({ message, path }: SettingRefused) => invalid("body", [{ path, message }])
})

export const layer = HttpApiBuilder.group(
  Api,
  "operations",
  Effect.fn(function* (handlers) {
    const { LINEAR_API_KEY } = yield* AppConfig
    const instance = yield* Instance
    const overview = yield* Overview
    const passes = yield* Passes
    const settings = yield* Settings
    const currentOverview = coalesced(Shape, () => Effect.map(overview.get, (value) => ({ value })))
    return handlers.handleAll({
      overview: () => currentOverview(null),
      poll: Effect.fn(function* () {
        if (LINEAR_API_KEY === null) {
          return yield* new UpstreamUnavailable({
            error: "There is no pass without Linear. Nothing was started. Set LINEAR_API_KEY and restart."
          })
        }
        return { passId: yield* passes.poll(yield* CurrentAdmin) }
      }),
      pause: Effect.fn(function* ({ payload }) {
        return { paused: yield* instance.setPaused(payload, yield* CurrentAdmin) }
      }),
      runnerMode: () => settings.runnerMode,
      setRunnerMode: Effect.fn(function* ({ payload }) {
        return yield* settings.setRunnerMode(payload.mode, yield* CurrentAdmin)
      }),
      settings: () => settings.state,
      saveSettings: Effect.fn(function* ({ payload }) {
        return yield* settings.save(payload, yield* CurrentAdmin)
      }, Effect.catch(refusal))
    })
  })
)
