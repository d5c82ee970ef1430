import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Budget, UpstreamState } from "../../domain/Overview.ts"
import type { Upstream } from "../../domain/Reason.ts"
import { AppConfig } from "../../platform/Config.ts"
import { countCall } from "../../platform/Metrics.ts"
import { nextHealth, type Health } from "./health.ts"
import { UpstreamsRepo } from "./UpstreamsRepo.ts"
import type { UpstreamError } from "../UpstreamError.ts"

/** The health of each upstream: state, since when, last error, and what is left of its budgets. */
export class Upstreams extends Context.Service<
  Upstreams,
  {
    /** Counts the end of a call: `null` for success. Only faults of the upstream itself change its state. */
    readonly ended: (name: Upstream, error: UpstreamError | null) => Effect.Effect<void>
    readonly budget: (name: Upstream, budgets: ReadonlyArray<Budget>) => Effect.Effect<void>
    readonly states: Effect.Effect<ReadonlyArray<UpstreamState>>
  }
>()("ai-implement/upstreams/health/Upstreams") {
  static readonly layerNoDeps = Layer.effect(
    Upstreams,
    Effect.gen(function* () {
      const repo = yield* UpstreamsRepo
      const config = yield* AppConfig
      const started = yield* DateTime.now
      const known = new Map<Upstream, Health>()
      const budgets = new Map<string, { readonly budget: Budget; readonly savedAt: DateTime.Utc }>()
      const configured: Readonly<Record<Upstream, boolean>> = {
        linear: config.LINEAR_API_KEY !== null,
        github: config.GITHUB_APP_ID !== null && config.GITHUB_APP_PRIVATE_KEY !== null,
        fly: config.FLY_SESSIONS_TOKEN !== null
      }

      const ended = Effect.fn("Upstreams.ended")(function* (name: Upstream, error: UpstreamError | null) {
        yield* countCall(name, error?.reason._tag ?? "ok")
        const previous = known.get(name) ?? null
        const next = nextHealth(previous, error, yield* DateTime.now)
        known.set(name, next)
        if (previous?.state === next.state && previous.error === next.error) return
        yield* repo.saveState(name, next)
        if (previous?.state !== next.state && (previous !== null || next.state !== "ok")) {
          yield* Effect.logWarning(`${name} is ${next.state}${next.error === null ? "" : `: ${next.error}`}`)
        }
      }, ignoringDatabase)

      const budget = Effect.fn("Upstreams.budget")(function* (name: Upstream, seen: ReadonlyArray<Budget>) {
        const now = yield* DateTime.now
        for (const each of seen) {
          const key = `${name}/${each.kind}`
          const saved = budgets.get(key)
          const fresh =
            saved !== undefined && DateTime.isLessThan(now, DateTime.add(saved.savedAt, { seconds: 2 }))
          if (fresh) continue
          budgets.set(key, { budget: each, savedAt: now })
          yield* repo.saveBudget(name, each)
        }
      }, ignoringDatabase)

      const states = Effect.gen(function* () {
        const [stored, left] = yield* Effect.all([repo.states, repo.budgets], { concurrency: 2 })
        // Another replica may have found it faulty; our next call shows its state.
        for (const { name, ...health } of stored) {
          if (health.state !== "ok" && known.get(name)?.state === "ok") {
            known.set(name, { ...health, faults: 0 })
          }
        }
        return (["linear", "github", "fly"] as const).map((name): UpstreamState => {
          const known = stored.find((each) => each.name === name)
          const state = configured[name] ? (known?.state ?? "ok") : "off"
          return {
            name,
            state,
            since: known?.since ?? started,
            error: state === "off" || state === "ok" ? null : (known?.error ?? null),
            budgets: left
              .filter(({ upstream }) => upstream === name)
              .map(({ upstream: _, ...budget }) => budget)
          }
        })
      }).pipe(Effect.withSpan("Upstreams.states"))

      return Upstreams.of({ ended, budget, states })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide(UpstreamsRepo.layer))
}

const ignoringDatabase = Effect.catchCause((cause: Parameters<typeof Effect.logWarning>[0]) =>
  Effect.logWarning("Could not store the state of an upstream", cause)
)
