import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { type Actor, Audit } from "./Audit.ts"
import { AppConfig } from "../platform/Config.ts"
import { RunnerMode } from "../domain/Modes.ts"
import type { RunnerModeState, SettingsInput, SettingsState } from "../domain/Settings.ts"
import { type SettingName, SettingsRepo } from "./Settings/SettingsRepo.ts"
import { makeAtomically } from "../platform/Sql/atomically.ts"

export class SettingRefused extends Schema.TaggedError<SettingRefused>()("SettingRefused", {
  path: Schema.String,
  message: Schema.String
}) {}

const isRunnerMode = Schema.is(RunnerMode)

/** Settings that operators change while the service runs. The environment takes precedence over stored values. */
export class Settings extends Context.Service<
  Settings,
  {
    /** The mode in force; a change applies from the next admission. */
    readonly runnerMode: Effect.Effect<RunnerModeState>
    readonly setRunnerMode: (mode: RunnerMode, by: Actor) => Effect.Effect<RunnerModeState>
    /** Where this process starts machines: the values of `state` that were fixed at its start. */
    readonly machines: { readonly app: string | null; readonly region: string | null }
    /** The Fly app and region: `runtimeValue` is fixed when the process starts. */
    readonly state: Effect.Effect<SettingsState>
    readonly save: (input: SettingsInput, by: Actor) => Effect.Effect<SettingsState, SettingRefused>
  }
>()("ai-implement/admin/Settings") {
  static readonly layerNoDeps = Layer.effect(
    Settings,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const repo = yield* SettingsRepo
      const audit = yield* Audit
      const config = yield* AppConfig

      const env = { app: config.FLY_SESSIONS_APP, region: config.FLY_SESSIONS_REGION }
      const started = {
        app: env.app ?? (yield* repo.find("fly_sessions_app")),
        region: env.region ?? (yield* repo.find("fly_sessions_region"))
      }

      const runnerMode = Effect.gen(function* () {
        const stored = yield* repo.find("runner_mode")
        const storedMode = isRunnerMode(stored) ? stored : null
        const fixed = config.RUNNER_MODE
        return {
          mode: fixed ?? storedMode ?? "default",
          source: fixed !== null ? "env" : storedMode !== null ? "db" : "default",
          storedMode,
          overriddenByEnv: fixed !== null
        } satisfies RunnerModeState
      }).pipe(Effect.withSpan("Settings.runnerMode"))

      const setting = Effect.fnUntraced(function* (name: SettingName, key: "app" | "region") {
        const storedValue = yield* repo.find(name)
        const envValue = env[key]
        return {
          runtimeValue: started[key],
          storedValue,
          envValue,
          overriddenByEnv: envValue !== null,
          restartRequired: envValue === null && storedValue !== started[key]
        }
      })

      const state = Effect.all({
        flySessionsApp: setting("fly_sessions_app", "app"),
        flySessionsRegion: setting("fly_sessions_region", "region")
      }).pipe(Effect.withSpan("Settings.state"))

      const store = Effect.fnUntraced(function* (name: SettingName, value: string | null, by: Actor) {
        yield* repo.lock
        const before = yield* repo.find(name)
        if (value === null) yield* repo.remove(name)
        else yield* repo.put({ name, value, updatedAt: yield* DateTime.now })
        yield* audit.record({ actor: by, action: "setting.save", subject: name, before, after: value })
      })

      const setRunnerMode = Effect.fn("Settings.setRunnerMode")(function* (mode: RunnerMode, by: Actor) {
        yield* store("runner_mode", mode, by)
        return yield* runnerMode
      }, atomically)

      const save = Effect.fn("Settings.save")(function* (
        { flySessionsApp: app, flySessionsRegion: region }: SettingsInput,
        by: Actor
      ) {
        if (typeof app === "string" && app === config.FLY_APP_NAME) {
          return yield* new SettingRefused({
            path: "flySessionsApp",
            message: `${app} is the app this service itself runs in; name another app for the session machines`
          })
        }
        if (app !== undefined) yield* store("fly_sessions_app", app, by)
        if (region !== undefined) yield* store("fly_sessions_region", region, by)
        return yield* state
      }, atomically)

      return Settings.of({ runnerMode, setRunnerMode, machines: started, state, save })
    })
  )
  static readonly layer = Settings.layerNoDeps.pipe(Layer.provide([SettingsRepo.layer, Audit.layer]))
}
