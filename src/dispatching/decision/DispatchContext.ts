import type * as DateTime from "effect/DateTime"
import type { ExecutionMode, RunnerMode } from "../../domain/Modes.ts"
import type { Upstream } from "../../domain/Reason.ts"
import type { RunKind } from "../../upstreams/RunBackends.ts"

/** What holds for every issue of one pass or one operator command. Only `now` is renewed, before each decision. */
export interface DispatchContext {
  readonly now: DateTime.Utc
  readonly paused: boolean
  readonly runnerMode: RunnerMode
  /** The missing settings without which a mode cannot dispatch, or questions cannot be asked. */
  readonly missingSettings: Readonly<Record<ExecutionMode | "questions", ReadonlyArray<string>>>
  /** Since when a run backend is down; null while it is not. */
  readonly down: Readonly<Record<RunKind, DateTime.Utc | null>>
  readonly fly: { readonly app: string | null; readonly region: string | null }
  readonly lowBudget: { readonly upstream: Upstream; readonly until: DateTime.Utc } | null
}
