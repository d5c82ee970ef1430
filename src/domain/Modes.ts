import * as Schema from "effect/Schema"

export const ExecutionMode = Schema.Literals(["github-actions", "fly-machines"])
export type ExecutionMode = typeof ExecutionMode.Type

export const SessionMode = Schema.Literals(["autonomous", "interactive", "hybrid"])
export type SessionMode = typeof SessionMode.Type

export const Provider = Schema.Literals(["anthropic", "bedrock"])
export type Provider = typeof Provider.Type

/** `default` lets the mapping decide; `gha` and `fly` override every mapping. */
export const RunnerMode = Schema.Literals(["default", "gha", "fly"])
export type RunnerMode = typeof RunnerMode.Type

export const Phase = Schema.Literals(["planning", "implementation"])
export type Phase = typeof Phase.Type

export const Trigger = Schema.Literals(["poll", "manual", "retry", "comment"])
export type Trigger = typeof Trigger.Type

/** The execution mode an implementation gets: the runner mode, else the mapping's. */
export const effectiveExecutionMode = (mapping: ExecutionMode, runnerMode: RunnerMode): ExecutionMode => {
  switch (runnerMode) {
    case "gha":
      return "github-actions"
    case "fly":
      return "fly-machines"
    case "default":
      return mapping
  }
}
