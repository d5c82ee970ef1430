import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import packageJson from "../../package.json" with { type: "json" }
import { AppConfig } from "../platform/Config.ts"
import { FactsRepo } from "../dispatching/issues/FactsRepo.ts"
import { effectiveExecutionMode } from "../domain/Modes.ts"
import type { Overview as Shape } from "../domain/Overview.ts"
import { Instance } from "../admin/Instance.ts"
import { Mappings } from "../admin/Mappings.ts"
import { OverviewRepo } from "./Overview/OverviewRepo.ts"
import { missingSetup } from "./Overview/setup.ts"
import { Passes } from "../dispatching/poller/Passes.ts"
import { Settings } from "../admin/Settings.ts"
import { Upstreams } from "../upstreams/health/Upstreams.ts"

const { version } = packageJson

/** Everything at a glance: what runs, what waits and why, what is missing. */
export class Overview extends Context.Service<Overview, { readonly get: Effect.Effect<Shape> }>()(
  "ai-implement/operations/Overview"
) {
  static readonly layerNoDeps = Layer.effect(
    Overview,
    Effect.gen(function* () {
      const repo = yield* OverviewRepo
      const config = yield* AppConfig
      const facts = yield* FactsRepo
      const instance = yield* Instance
      const mappings = yield* Mappings
      const passes = yield* Passes
      const settings = yield* Settings
      const upstreams = yield* Upstreams
      const startedAt = yield* DateTime.now

      const get = Effect.gen(function* () {
        const now = yield* DateTime.now
        const mapped = yield* mappings.list
        const used = new Map(
          (yield* facts.teams(
            mapped.map(({ teamKey }) => teamKey),
            now
          )).map((team) => [team.teamKey, team.used])
        )
        const waiting = yield* repo.waiting
        const runnerMode = yield* settings.runnerMode
        const fly = yield* settings.state
        const usesMachines =
          runnerMode.mode === "fly" ||
          mapped.some(
            ({ executionMode }) => effectiveExecutionMode(executionMode, runnerMode.mode) === "fly-machines"
          )
        return {
          version,
          startedAt,
          paused: yield* instance.paused,
          poller: yield* passes.state,
          teams: mapped.map(({ teamKey, maxInProgressAiIssues, paused }) => ({
            teamKey,
            used: used.get(teamKey) ?? 0,
            cap: maxInProgressAiIssues,
            waiting: total(waiting.filter((each) => each.teamKey === teamKey)),
            paused
          })),
          waiting: Array.from(
            Map.groupBy(waiting, ({ reason }) => reason),
            ([reason, counts]) => ({ reason, count: total(counts) })
          ),
          outcomes24h: yield* repo.outcomes(now),
          upstreams: yield* upstreams.states,
          notifications: yield* repo.notifications,
          setup: missingSetup(
            config,
            mapped.length,
            usesMachines ? { app: fly.flySessionsApp.runtimeValue } : null
          ),
          settings: [
            ...config.settings.filter(({ name }) => !stored.has(name)),
            { name: "RUNNER_MODE", value: runnerMode.mode, source: runnerMode.source },
            ...fromEither("FLY_SESSIONS_APP", fly.flySessionsApp),
            ...fromEither("FLY_SESSIONS_REGION", fly.flySessionsRegion)
          ]
        } satisfies Shape
      }).pipe(Effect.withSpan("Overview.get"))

      return Overview.of({ get })
    })
  )
  static readonly layer = Overview.layerNoDeps.pipe(
    Layer.provide([OverviewRepo.layer, FactsRepo.layer, Instance.layer, Mappings.layer, Settings.layer])
  )
}

const stored = new Set(["RUNNER_MODE", "FLY_SESSIONS_APP", "FLY_SESSIONS_REGION"])

const total = (counts: ReadonlyArray<{ readonly count: number }>) =>
  counts.reduce((sum, { count }) => sum + count, 0)

const fromEither = (
  name: string,
  {
    runtimeValue,
    overriddenByEnv
  }: { readonly runtimeValue: string | null; readonly overriddenByEnv: boolean }
): Shape["settings"] =>
  runtimeValue === null ? [] : [{ name, value: runtimeValue, source: overriddenByEnv ? "env" : "db" }]
