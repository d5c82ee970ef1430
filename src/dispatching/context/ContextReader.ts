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

/** Reads the dispatch context: once per pass and once per operator command, outside transactions. */
export class ContextReader extends Context.Service<
  ContextReader,
  {
    readonly read: Effect.Effect<DispatchContext>
    /** The context after calls to upstreams: with their current health and budgets. */
    readonly afterCalls: (context: DispatchContext) => Effect.Effect<DispatchContext>
  }
>()("ai-implement/dispatching/context/ContextReader") {
  static readonly layer = Layer.effect(
    ContextReader,
    Effect.gen(function* () {
      const instance = yield* Instance
      const settings = yield* Settings
      const upstreams = yield* Upstreams
      const config = yield* AppConfig
      const { machines } = settings
      const github = (["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"] as const).filter(
        (name) => config[name] === null
      )
      const fly = (["FLY_SESSIONS_TOKEN", "SESSION_IMAGE", "PUBLIC_URL"] as const).filter(
        (name) => config[name] === null
      )
      const missingSettings = {
        "github-actions": github,
        "fly-machines": [...github, ...(machines.app === null ? ["FLY_SESSIONS_APP"] : []), ...fly],
        questions: config.PUBLIC_URL === null ? ["PUBLIC_URL"] : []
      }

      const health = Effect.gen(function* () {
        const states = yield* upstreams.states
        return { down: downBackends(states), lowBudget: lowBudget(states, yield* DateTime.now) }
      })

      const read = Effect.gen(function* () {
        const [pause, { mode }, upstreamHealth] = yield* Effect.all(
          [instance.paused, settings.runnerMode, health],
          { concurrency: "unbounded" }
        )
        return {
          now: yield* DateTime.now,
          paused: pause !== null,
          runnerMode: mode,
          missingSettings,
          fly: machines,
          ...upstreamHealth
        }
      }).pipe(Effect.withSpan("ContextReader.read"))

      const afterCalls = Effect.fn("ContextReader.afterCalls")(function* (context: DispatchContext) {
        return { ...context, ...(yield* health) }
      })

      return ContextReader.of({ read, afterCalls })
    })
  )
}
