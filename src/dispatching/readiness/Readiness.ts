import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AppConfig } from "../../platform/Config.ts"
import type { Mapping } from "../../domain/Mapping.ts"
import { effectiveExecutionMode } from "../../domain/Modes.ts"
import type { Readiness as Shape } from "../../domain/Readiness.ts"
import { type MappingNotFound, Mappings } from "../../admin/Mappings.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { ContextReader } from "../context/ContextReader.ts"
import { assess, type Wanted, workflowsOf } from "./assess.ts"
import type { MachineFacts } from "./assessMachines.ts"
import { dueOf, ReadinessPolicy } from "./due.ts"
import { fingerprintOf } from "../decision/knownReadiness.ts"
import { ReadinessRepo } from "./ReadinessRepo.ts"
import { installedTemplates, templatesOf } from "./templates.ts"
import { CodeHost } from "../../upstreams/CodeHost.ts"
import { RunBackends } from "../../upstreams/RunBackends.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"

/** Whether the repositories of the mappings have what their dispatches need. */
export class Readiness extends Context.Service<
  Readiness,
  {
    /** Looks at the repositories that are due, within a budget. What cannot be told now stays as it was. */
    readonly refresh: (mappings: ReadonlyArray<Mapping>) => Effect.Effect<void>
    /** Looks again at the repository of a team, unless it was ready a short while ago. */
    readonly reconsider: (teamKey: string) => Effect.Effect<void>
    /** Looks now. */
    readonly look: (teamKey: string) => Effect.Effect<Shape, MappingNotFound | UpstreamError>
  }
>()("ai-implement/dispatching/readiness/Readiness") {
  static readonly layerNoDeps = Layer.effect(
    Readiness,
    Effect.gen(function* () {
      const repo = yield* ReadinessRepo
      const codeHost = yield* CodeHost
      const runBackends = yield* RunBackends
      const mappings = yield* Mappings
      const contextReader = yield* ContextReader
      const policy = yield* ReadinessPolicy
      const { PUBLIC_URL } = yield* AppConfig

      const wantedOf = (mapping: Mapping, { runnerMode }: DispatchContext): Wanted => ({
        mapping,
        executionMode: effectiveExecutionMode(mapping.executionMode, runnerMode),
        callback: PUBLIC_URL !== null
      })

      const machines = Effect.fnUntraced(function* ({
        fly: { app },
        missingSettings
      }: DispatchContext): Effect.fn.Return<MachineFacts> {
        const missing = missingSettings["fly-machines"]
        const facts: MachineFacts = { missing, app, refusal: null, fault: null }
        if (missing.length > 0 || app === null) return facts
        return yield* runBackends.probe({ kind: "fly", app }).pipe(
          Effect.as(facts),
          Effect.catch(({ message, reason }) => {
            const refused = reason._tag === "NotFound" || reason._tag === "Rejected"
            return Effect.succeed({ ...facts, [refused ? "refusal" : "fault"]: message })
          })
        )
      })

      const see = Effect.fnUntraced(function* (
        mapping: Mapping,
        context: DispatchContext,
        templates: ReadonlyArray<string>
      ) {
        const { owner, repo: name, defaultBranch, teamKey } = mapping
        const wanted = wantedOf(mapping, context)
        const checkedAt = yield* DateTime.now
        const [inspection, facts] = yield* Effect.all(
          [
            codeHost.inspect({
              owner,
              repo: name,
              branch: defaultBranch,
              workflows: [...new Set(Object.values(workflowsOf(wanted)))],
              files: templates
            }),
            wanted.executionMode === "fly-machines" ? machines(context) : Effect.succeed(null)
          ],
          { concurrency: 2 }
        )
        const assessment = assess(wanted, inspection, facts)
        yield* repo.save({ teamKey, fingerprint: fingerprintOf(mapping, context), checkedAt }, assessment)
        return { ...assessment, checkedAt, files: inspection._tag === "Seen" ? inspection.files : [] }
      })

      const possible = ({ down, missingSettings, paused }: DispatchContext) =>
        !paused && down.github === null && missingSettings["github-actions"].length === 0

      const seeAll = (wanted: ReadonlyArray<Mapping>, context: DispatchContext) =>
        Effect.forEach(
          wanted.slice(0, policy.perPass),
          (mapping) => Effect.ignore(see(mapping, context, [])),
          {
            concurrency: 4,
            discard: true
          }
        ).pipe(Effect.timeoutOption(policy.budget), Effect.asVoid)

      const refresh = Effect.fn("Readiness.refresh")(function* (all: ReadonlyArray<Mapping>) {
        const context = yield* contextReader.read
        if (!possible(context)) return
        const looks = yield* repo.looks(all.map(({ teamKey }) => teamKey))
        yield* seeAll(dueOf(all, looks, context, policy), context)
      })

      const reconsider = Effect.fn("Readiness.reconsider")(
        function* (teamKey: string) {
          const context = yield* contextReader.read
          if (!possible(context)) return
          const mapping = yield* mappings.get(teamKey)
          const looks = yield* repo.looks([teamKey])
          yield* seeAll(
            dueOf(
              [mapping],
              looks.filter(({ ready }) => ready),
              context,
              policy
            ),
            context
          )
        },
        Effect.catchTag("MappingNotFound", () => Effect.void)
      )

      const look = Effect.fn("Readiness.look")(function* (teamKey: string) {
        const mapping = yield* mappings.get(teamKey)
        const context = yield* contextReader.read
        const templates = templatesOf(wantedOf(mapping, context))
        const { checkedAt, checks, files, problems } = yield* see(mapping, context, templates)
        return {
          ready: problems.length === 0,
          checkedAt,
          checks,
          templates: installedTemplates(templates, files)
        }
      })

      return Readiness.of({ refresh, reconsider, look })
    })
  )
}
