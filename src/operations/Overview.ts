import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import packageJson from "../../package.json" with { type: "json" }
import { AppConfig } from "../platform/Config.ts"
import { ForwardedRequests } from "../platform/ForwardedRequests.ts"
import type { Mapping } from "../domain/Mapping.ts"
import { FactsRepo } from "../dispatching/issues/FactsRepo.ts"
import { effectiveExecutionMode } from "../domain/Modes.ts"
import type { Overview as Shape } from "../domain/Overview.ts"
import { Instance } from "../admin/Instance.ts"
import { Mappings } from "../admin/Mappings.ts"
import { OverviewRepo } from "./Overview/OverviewRepo.ts"
import { missingSetup, trustProxy } from "./Overview/setup.ts"
import { Passes } from "../dispatching/poller/Passes.ts"
import { Settings } from "../admin/Settings.ts"
import { Upstreams } from "../upstreams/health/Upstreams.ts"

const { version } = packageJson

/** What runs, what waits and why, and what is missing. */
export class Overview extends Context.Service<Overview, { readonly get: Effect.Effect<Shape> }>()(
  "ai-implement/operations/Overview"
) {
  static readonly layerNoDeps = Layer.effect(
    Overview,
    Effect.gen(function* () {
      const repo = yield* OverviewRepo
      const config = yield* AppConfig
      const forwarded = yield* ForwardedRequests
      const facts = yield* FactsRepo
      const instance = yield* Instance
      const mappings = yield* Mappings
      const passes = yield* Passes
      const settings = yield* Settings
      const upstreams = yield* Upstreams
      const startedAt = yield* DateTime.now

      const used = Effect.fnUntraced(function* (mapped: ReadonlyArray<Mapping>, now: DateTime.Utc) {
        const teams = yield* facts.teams(
          mapped.map(({ teamKey }) => teamKey),
          now
        )
        return new Map(teams.map((team) => [team.teamKey, team.used]))
      })

      const get = Effect.gen(function* () {
        const now = yield* DateTime.now
        const { forwardedUntrusted, mapped, runnerMode, waiting, ...rest } = yield* Effect.all(
          {
            mapped: Effect.flatMap(mappings.list, (all) =>
              Effect.map(used(all, now), (slots) =>
                all.map((mapping) => ({ ...mapping, used: slots.get(mapping.teamKey) ?? 0 }))
              )
            ),
            waiting: repo.waiting,
            poller: passes.state,
            outcomes24h: repo.outcomes(now),
            upstreams: upstreams.states,
            notifications: repo.notifications,
            runnerMode: settings.runnerMode,
            paused: instance.paused,
            forwardedUntrusted: forwarded.untrusted
          },
          { concurrency: 4 }
        )
        const usesMachines =
          runnerMode.mode === "fly" ||
          mapped.some(
            ({ executionMode }) => effectiveExecutionMode(executionMode, runnerMode.mode) === "fly-machines"
          )
        return {
          version,
          startedAt,
          ...rest,
          teams: mapped.map(({ teamKey, maxInProgressAiIssues, paused, used }) => ({
            teamKey,
            used,
            cap: maxInProgressAiIssues,
            waiting: total(waiting.filter((each) => each.teamKey === teamKey)),
            paused
          })),
          waiting: Array.from(
            Map.groupBy(waiting, ({ reason }) => reason),
            ([reason, counts]) => ({ reason, count: total(counts) })
          ),
          setup: [
            ...missingSetup(config, mapped.length, usesMachines ? { app: settings.machines.app } : null),
            ...(forwardedUntrusted ? [trustProxy] : [])
          ],
          settings: [
            ...config.settings.filter(({ name }) => !stored.has(name)),
            { name: "RUNNER_MODE", value: runnerMode.mode, source: runnerMode.source },
            ...fixedAtStart("FLY_SESSIONS_APP", settings.machines.app, config),
            ...fixedAtStart("FLY_SESSIONS_REGION", settings.machines.region, config)
          ]
        } satisfies Shape
      }).pipe(Effect.withSpan("Overview.get"))

      return Overview.of({ get })
    })
  )
  static readonly layer = Overview.layerNoDeps.pipe(
    Layer.provide([
      ForwardedRequests.layer,
      OverviewRepo.layer,
      FactsRepo.layer,
      Instance.layer,
      Mappings.layer,
      Settings.layer
    ])
  )
}

const stored = new Set(["RUNNER_MODE", "FLY_SESSIONS_APP", "FLY_SESSIONS_REGION"])

const total = (counts: ReadonlyArray<{ readonly count: number }>) =>
  counts.reduce((sum, { count }) => sum + count, 0)

const fixedAtStart = (
  name: "FLY_SESSIONS_APP" | "FLY_SESSIONS_REGION",
  value: string | null,
  config: AppConfig["Service"]
): Shape["settings"] =>
  value === null ? [] : [{ name, value, source: config[name] === null ? "db" : "env" }]
