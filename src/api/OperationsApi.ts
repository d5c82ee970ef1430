import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { RunnerMode } from "../domain/Modes.ts"
import { Overview } from "../domain/Overview.ts"
import { Pause, RunnerModeState, SettingsInput, SettingsState } from "../domain/Settings.ts"
import { trimmedText } from "../domain/Text.ts"
import { Authorization } from "./Authorization.ts"
import { Invalid, UpstreamUnavailable } from "./Errors.ts"

export class OperationsApi extends HttpApiGroup.make("operations")
  .add(
    HttpApiEndpoint.get("overview", "/overview", { success: Overview }).annotate(
      OpenApi.Description,
      "Poller, teams, what waits and why, outcomes, upstreams, and what is not set up."
    )
  )
  .add(
    HttpApiEndpoint.post("poll", "/poll", {
      success: Schema.Struct({ passId: Schema.String }).pipe(HttpApiSchema.status(202)),
      error: UpstreamUnavailable
    }).annotate(OpenApi.Description, "Requests a pass now. Returns the id of the pass that has not begun.")
  )
  .add(
    HttpApiEndpoint.post("pause", "/pause", {
      payload: Schema.Struct({ paused: Schema.Boolean, reason: Schema.optionalKey(trimmedText(500)) }),
      success: Schema.Struct({ paused: Schema.NullOr(Pause) })
    }).annotate(OpenApi.Description, "Pauses all dispatching, or resumes it. Runs continue.")
  )
  .add(
    HttpApiEndpoint.get("runnerMode", "/runner-mode", { success: RunnerModeState }).annotate(
      OpenApi.Description,
      "Where runs are sent, and the source of that setting."
    )
  )
  .add(
    HttpApiEndpoint.post("setRunnerMode", "/runner-mode", {
      payload: Schema.Struct({ mode: RunnerMode }),
      success: RunnerModeState
    }).annotate(
      OpenApi.Description,
      "Stores where runs are sent; RUNNER_MODE in the environment takes precedence."
    )
  )
  .add(
    HttpApiEndpoint.get("settings", "/settings", { success: SettingsState }).annotate(
      OpenApi.Description,
      "The app and the region of Fly for sessions, and where each comes from."
    )
  )
  .add(
    HttpApiEndpoint.post("saveSettings", "/settings", {
      payload: SettingsInput,
      success: SettingsState,
      error: Invalid
    }).annotate(OpenApi.Description, "Stores the Fly app and region for sessions; null clears a value.")
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "The service as a whole.") {}
