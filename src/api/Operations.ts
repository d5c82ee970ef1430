import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import { RunnerMode } from "../domain/Modes.ts"
import { Overview } from "../domain/Overview.ts"
import { Pause, RunnerModeState, SettingsInput, SettingsState } from "../domain/Settings.ts"
import { someText } from "../domain/Text.ts"
import { Authorization } from "./Authorization.ts"
import { Conflict, Invalid, UpstreamUnavailable } from "./Errors.ts"

export class OperationsApi extends HttpApiGroup.make("operations")
  .add(HttpApiEndpoint.get("overview", "/overview", { success: Overview }))
  .add(
    HttpApiEndpoint.post("poll", "/poll", {
      success: Schema.Struct({ passId: Schema.String }).pipe(HttpApiSchema.status(202)),
      error: UpstreamUnavailable
    })
  )
  .add(
    HttpApiEndpoint.post("pause", "/pause", {
      payload: Schema.Struct({ paused: Schema.Boolean, reason: Schema.optionalKey(someText(500)) }),
      success: Schema.Struct({ paused: Schema.NullOr(Pause) })
    })
  )
  .add(HttpApiEndpoint.get("runnerMode", "/runner-mode", { success: RunnerModeState }))
  .add(
    HttpApiEndpoint.post("setRunnerMode", "/runner-mode", {
      payload: Schema.Struct({ mode: RunnerMode }),
      success: RunnerModeState
    })
  )
  .add(HttpApiEndpoint.get("settings", "/settings", { success: SettingsState }))
  .add(
    HttpApiEndpoint.post("saveSettings", "/settings", {
      payload: SettingsInput,
      success: SettingsState,
      error: [Invalid, Conflict]
    })
  )
  .middleware(Authorization) {}
