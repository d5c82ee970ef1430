import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { AppConfig } from "../../platform/Config.ts"
import type { Mapping } from "../../domain/Mapping.ts"
import { effectiveExecutionMode } from "../../domain/Modes.ts"
import type { Readiness as Shape } from "../../domain/Readiness.ts"
import { type MappingNotFound, Mappings } from "../../admin/Mappings.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { ContextReader } from "../context/ContextReader.ts"
import { assess, type Wanted, workflowsOf } from "./assess.ts"
import { assessLabels } from "./assessLabels.ts"
import type { MachineFacts } from "./assessMachines.ts"
import { dueOf, ReadinessPolicy } from "./due.ts"
import { fingerprintOf } from "../decision/knownReadiness.ts"
import { ReadinessRepo } from "./ReadinessRepo.ts"
import { assessLfs, assessTemplates, installedTemplates, neededTemplates } from "./templates.ts"
import { failed, type Finding, passed } from "./finding.ts"
import { Templates } from "../templates/Templates.ts"
import { CodeHost } from "../../upstreams/CodeHost.ts"
import { RunBackends } from "../../upstreams/RunBackends.ts"
import { Tracker } from "../../upstreams/Tracker.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import type { TeamKey } from "../../domain/Ids.ts"

const attributesFile = ".gitattributes"

/** Checks whether the repositories of the mappings have what their dispatches need. */
export class Readiness extends Context.Service<
  Readiness,
  {
    /** Checks the repositories that are due, within a time limit; a failed check keeps the last result. Returns the context after its calls. */
    readonly refresh: (
      mappings: ReadonlyArray<Mapping>,
      context: DispatchContext
    ) => Effect.Effect<DispatchContext>
    /** Checks the repository of a team unless its last check is recent and found it ready. Returns the context after its calls. */
    readonly reconsider: (teamKey: TeamKey, context: DispatchContext) => Effect.Effect<DispatchContext>
    /** Checks the repository of a team now. */
    readonly check: (teamKey: TeamKey) => Effect.Effect<Shape, MappingNotFound | UpstreamError>
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
      const templates = yield* Templates
      const policy = yield* ReadinessPolicy
      const tracker = yield* Tracker
      const { PICKUP_LABEL, PUBLIC_URL } = yield* AppConfig

      const labels = (mapping: Mapping) =>
        tracker.labels(mapping.teamKey, policy.labelsFor).pipe(
          Effect.map((found) => assessLabels(mapping, PICKUP_LABEL, found)),
          Effect.catch(({ message }) =>
            Effect.succeed([passed("Labels", `The labels of the team could not be checked: ${message}`)])
          )
        )

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

      const inspect = Effect.fnUntraced(function* (
        mapping: Mapping,
        context: DispatchContext,
        paths: ReadonlyArray<string>
      ) {
        const { owner, repo: name, defaultBranch, teamKey } = mapping
        const wanted = wantedOf(mapping, context)
        const checkedAt = yield* DateTime.now
        const [inspection, facts, found] = yield* Effect.all(
          [
            codeHost.inspect({
              owner,
              repo: name,
              branch: defaultBranch,
              workflows: [...new Set(Object.values(workflowsOf(wanted)))],
              files: paths
            }),
            wanted.executionMode === "fly-machines" ? machines(context) : Effect.succeed(null),
            labels(mapping)
          ],
          { concurrency: 3 }
        )
        const assessment = assess(wanted, inspection, facts, found)
        yield* repo.save({ teamKey, fingerprint: fingerprintOf(mapping, context), checkedAt }, assessment)
        return { ...assessment, checkedAt, files: inspection._tag === "Seen" ? inspection.files : [] }
      })

      const possible = ({ down, missingSettings, paused }: DispatchContext) =>
        !paused && down.github === null && missingSettings["github-actions"].length === 0

      const inspectOrLog = (mapping: Mapping, context: DispatchContext) =>
        inspect(mapping, context, []).pipe(
          Effect.catch(({ message }) =>
            Effect.logWarning(`Could not check the repository of ${mapping.teamKey}: ${message}`)
          )
        )

      const inspectAll = Effect.fnUntraced(function* (due: ReadonlyArray<Mapping>, context: DispatchContext) {
        if (due.length === 0) return context
        yield* Effect.forEach(due.slice(0, policy.perPass), (mapping) => inspectOrLog(mapping, context), {
          concurrency: 4,
          discard: true
        }).pipe(
          Effect.timeoutOrElse({
            duration: policy.budget,
            orElse: () =>
              Effect.logWarning("Checking repositories took too long; the rest follows in a later pass")
          })
        )
        return yield* contextReader.afterCalls(context)
      })

      const refresh = Effect.fn("Readiness.refresh")(function* (
        all: ReadonlyArray<Mapping>,
        context: DispatchContext
      ) {
        if (!possible(context)) return context
        const checked = yield* repo.lastChecks(all.map(({ teamKey }) => teamKey))
        return yield* inspectAll(dueOf(all, checked, context, policy), context)
      })

      const reconsider = Effect.fn("Readiness.reconsider")(function* (
        teamKey: TeamKey,
        context: DispatchContext
      ) {
        if (!possible(context)) return context
        const mapping = yield* mappings
          .get(teamKey)
          .pipe(Effect.catchTag("MappingNotFound", () => Effect.succeed(null)))
        if (mapping === null) return context
        const ready = (yield* repo.lastChecks([teamKey])).filter(({ ready }) => ready)
        return yield* inspectAll(dueOf([mapping], ready, context, policy), context)
      })

      const check = Effect.fn("Readiness.check")(function* (teamKey: TeamKey) {
        const mapping = yield* mappings.get(teamKey)
        const context = yield* contextReader.read
        const rendered = yield* Effect.result(templates.of(mapping))
        const needed = Result.isSuccess(rendered)
          ? neededTemplates(wantedOf(mapping, context), rendered.success.files)
          : []
        const paths = [...needed.map(({ path }) => path), attributesFile]
        const { checkedAt, checks, files, problems, repositoryId } = yield* inspect(mapping, context, paths)
        const installed = Result.isSuccess(rendered)
          ? installedTemplates(rendered.success.version, needed, files)
          : []
        const attributes = files.find(({ path }) => path === attributesFile)?.text ?? null
        const findings: ReadonlyArray<Finding | null> = [
          Result.isFailure(rendered)
            ? failed("Templates", rendered.failure.message, "Nothing is concluded about the installed files.")
            : repositoryId === null
              ? null
              : assessTemplates(installed),
          assessLfs(attributes)
        ]
        return {
          ready: problems.length === 0,
          checkedAt,
          checks: [...checks, ...findings.flatMap((finding) => finding?.check ?? [])],
          templates: installed
        }
      })

      return Readiness.of({ refresh, reconsider, check })
    })
  )
}
