import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Instance } from "../admin/Instance.ts"
import { type SettingRefused, Settings } from "../admin/Settings.ts"
import { Api } from "../api/Api.ts"
import { UpstreamUnavailable } from "../api/Errors.ts"
import { Passes } from "../dispatching/poller/Passes.ts"
import { Overview as OverviewShape } from "../domain/Overview.ts"
import { Overview } from "../operations/Overview.ts"
import { AppConfig } from "../platform/Config.ts"
import { invalid } from "./ErrorResponses.ts"
import { asAdmin } from "./middleware/Authorization.ts"
import { coalesced } from "./middleware/coalesced.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "operations",
  Effect.fn(function* (handlers) {
    const { LINEAR_API_KEY } = yield* AppConfig
    const instance = yield* Instance
    const overview = yield* Overview
    const passes = yield* Passes
    const settings = yield* Settings
    const currentOverview = coalesced(OverviewShape, () => Effect.map(overview.get, (value) => ({ value })))
    return handlers.handleAll({
      overview: () => currentOverview(null),
      poll: asAdmin((_, by) =>
        LINEAR_API_KEY === null
          ? Effect.fail(
              new UpstreamUnavailable({
                error: "There is no pass without Linear. Nothing was started. Set LINEAR_API_KEY and restart."
              })
            )
          : Effect.map(passes.poll(by), (passId) => ({ passId }))
      ),
      pause: asAdmin(({ payload }, by) =>
        Effect.map(instance.setPaused(payload, by), (paused) => ({ paused }))
      ),
      runnerMode: () => settings.runnerMode,
      setRunnerMode: asAdmin(({ payload }, by) => settings.setRunnerMode(payload.mode, by)),
      settings: () => settings.state,
      saveSettings: asAdmin(({ payload }, by) =>
        settings.save(payload, by).pipe(
          Effect.catchTags({
            SettingRefused: ({ message, path }: SettingRefused) => invalid("body", [{ path, message }])
          })
        )
      )
    })
  })
)
