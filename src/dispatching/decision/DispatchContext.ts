import type * as DateTime from "effect/DateTime"
import type { ExecutionMode, RunnerMode } from "../../domain/Modes.ts"
import type { Upstream } from "../../domain/Reason.ts"
import type { RunKind } from "../../upstreams/RunBackends.ts"

/** What holds for every issue of one pass, or of one admission. */
export interface DispatchContext {
  readonly now: DateTime.Utc
  readonly paused: boolean
  readonly runnerMode: RunnerMode
  /** Settings without which nothing can be dispatched in a mode, or nobody be asked. */
  readonly missingSettings: Readonly<Record<ExecutionMode | "questions", ReadonlyArray<string>>>
  /** Since when an execution backend is down; null while it is not. */
  readonly down: Readonly<Record<RunKind, DateTime.Utc | null>>
  /** Where new machines go. */
  readonly fly: { readonly app: string | null; readonly region: string | null }
  readonly lowBudget: { readonly upstream: Upstream; readonly until: DateTime.Utc } | null
}
