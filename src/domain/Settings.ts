import * as Schema from "effect/Schema"
import { RunnerMode } from "./Modes.ts"
import { Timestamp } from "./Text.ts"

export const RunnerModeState = Schema.Struct({
  mode: RunnerMode,
  source: Schema.Literals(["env", "db", "default"]),
  storedMode: Schema.NullOr(RunnerMode),
  overriddenByEnv: Schema.Boolean
}).annotate({ identifier: "RunnerModeState" })
export type RunnerModeState = typeof RunnerModeState.Type

export const flyApp = Schema.String.check(
  Schema.isPattern(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    message: "must be a Fly app name: lower-case letters, digits and inner hyphens"
  })
)
export const flyRegion = Schema.String.check(
  Schema.isPattern(/^[a-z]{3}$/, { message: "must be a Fly region of three letters, such as fra" })
)

export const SettingsInput = Schema.Struct({
  flySessionsApp: Schema.optionalKey(Schema.NullOr(flyApp)),
  flySessionsRegion: Schema.optionalKey(Schema.NullOr(flyRegion))
})
export type SettingsInput = typeof SettingsInput.Type

export const SettingState = Schema.Struct({
  runtimeValue: Schema.NullOr(Schema.String),
  storedValue: Schema.NullOr(Schema.String),
  envValue: Schema.NullOr(Schema.String),
  overriddenByEnv: Schema.Boolean,
  restartRequired: Schema.Boolean
}).annotate({ identifier: "SettingState" })
export type SettingState = typeof SettingState.Type

export const SettingsState = Schema.Struct({
  flySessionsApp: SettingState,
  flySessionsRegion: SettingState
}).annotate({ identifier: "SettingsState" })
export type SettingsState = typeof SettingsState.Type

export const Pause = Schema.Struct({
  reason: Schema.NullOr(Schema.String),
  by: Schema.NullOr(Schema.String),
  at: Timestamp
}).annotate({ identifier: "Pause" })
export type Pause = typeof Pause.Type
