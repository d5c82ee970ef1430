import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AppConfig } from "../../platform/Config.ts"
import { Instance } from "../../admin/Instance.ts"
import { Settings } from "../../admin/Settings.ts"
import { Upstreams } from "../../upstreams/health/Upstreams.ts"
import { downBackends, lowBudget } from "../decision/budget.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"

/** What holds for every issue right now: pause, runner mode, missing settings, upstreams. */
export class ContextReader extends Context.Service<
  ContextReader,
  { readonly read: Effect.Effect<DispatchContext> }
>()("ai-implement/dispatching/context/ContextReader") {
  static readonly layer = Layer.effect(
    ContextReader,
    Effect.gen(function* () {
      const instance = yield* Instance
      const settings = yield* Settings
      const upstreams = yield* Upstreams
      const config = yield* AppConfig
      const github = (["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"] as const).filter(
        (name) => config[name] === null
      )
      const machines = (["FLY_SESSIONS_TOKEN", "SESSION_IMAGE", "PUBLIC_URL"] as const).filter(
        (name) => config[name] === null
      )

      const read = Effect.gen(function* () {
        const now = yield* DateTime.now
        const states = yield* upstreams.states
        const { flySessionsApp, flySessionsRegion } = yield* settings.state
        const app = flySessionsApp.runtimeValue
        return {
          now,
          paused: (yield* instance.paused) !== null,
          runnerMode: (yield* settings.runnerMode).mode,
          missingSettings: {
            "github-actions": github,
            "fly-machines": [...github, ...(app === null ? ["FLY_SESSIONS_APP"] : []), ...machines],
            questions: config.PUBLIC_URL === null ? ["PUBLIC_URL"] : []
          },
          down: downBackends(states),
          lowBudget: lowBudget(states, now),
          fly: { app, region: flySessionsRegion.runtimeValue }
        }
      }).pipe(Effect.withSpan("ContextReader.read"))

      return ContextReader.of({ read })
    })
  )
}
