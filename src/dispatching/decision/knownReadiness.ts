import * as Schema from "effect/Schema"
import type { Mapping } from "../../domain/Mapping.ts"
import { effectiveExecutionMode, type Phase } from "../../domain/Modes.ts"
import { ReadinessProblem, UndeclaredInputs } from "../../domain/Readiness.ts"
import type { DispatchContext } from "./DispatchContext.ts"

/** The stored check of a team's repository, as decisions read it. */
export const StoredReadiness = Schema.Struct({
  fingerprint: Schema.String,
  problems: Schema.Array(ReadinessProblem),
  undeclaredInputs: UndeclaredInputs
})
export type StoredReadiness = typeof StoredReadiness.Type

type Problem = Omit<ReadinessProblem, "phase" | "of">

export interface KnownReadiness {
  /** What prevents a phase in the repository or in the run backend, and both in the tracker. */
  readonly problems: Readonly<Record<Phase | "tracker", ReadonlyArray<Problem>>>
  readonly undeclaredInputs: UndeclaredInputs
}

/** All that readiness depends on besides the repository: when it differs, the stored check no longer applies. */
export const fingerprintOf = (mapping: Mapping, { fly, missingSettings, runnerMode }: DispatchContext) => {
  const executionMode = effectiveExecutionMode(mapping.executionMode, runnerMode)
  return JSON.stringify([
    mapping.owner,
    mapping.repo,
    mapping.defaultBranch,
    mapping.workflowFile,
    mapping.planningEnabled ? mapping.planningWorkflowFile : null,
    mapping.provider,
    mapping.sessionMode,
    executionMode,
    executionMode === "fly-machines" ? fly.app : null,
    missingSettings["fly-machines"]
  ])
}

/** The stored check of a mapping's repository; null without one, or when it was made for other settings. */
export const knownReadiness = (
  mapping: Mapping | null,
  context: DispatchContext,
  stored: StoredReadiness | null
): KnownReadiness | null => {
  if (mapping === null || stored?.fingerprint !== fingerprintOf(mapping, context)) return null
  const problems = (wanted: Phase | "tracker") =>
    stored.problems.flatMap(({ of, phase, ...problem }): ReadonlyArray<Problem> => {
      const concerned = of ?? phase ?? (wanted === "tracker" ? null : wanted)
      return concerned === wanted ? [problem] : []
    })
  return {
    problems: {
      planning: problems("planning"),
      implementation: problems("implementation"),
      tracker: problems("tracker")
    },
    undeclaredInputs: stored.undeclaredInputs
  }
}
