import type * as DateTime from "effect/DateTime"
import type * as Ref from "effect/Ref"
import type { Mapping } from "../../../domain/Mapping.ts"
import type { TrackedIssue } from "../../../upstreams/Tracker.ts"
import type { PlannedIssue } from "../../decision/decideAll.ts"
import type { DispatchContext } from "../../decision/DispatchContext.ts"

/** A pass that has begun. */
export interface PassState {
  readonly id: string
  /** Of the poller that runs it: an earlier poller's writes are refused. */
  readonly epoch: number
  /** Candidates of the pass before. */
  readonly lastCount: number
  /** Requests to Linear so far. */
  readonly requests: Ref.Ref<number>
}

/** What is read before Linear is. */
export interface Scope {
  readonly mappings: ReadonlyArray<Mapping>
  /** Issues that are read by id, candidates or not. */
  readonly trackedIds: ReadonlyArray<string>
}

/** What Linear answered. */
export interface Reading extends Scope {
  readonly readAt: DateTime.Utc
  readonly candidates: ReadonlyArray<TrackedIssue>
  readonly tracked: ReadonlyArray<TrackedIssue>
  /** Of the tracked ids: those that Linear did not return. */
  readonly missing: ReadonlyArray<string>
  /** Linear has more pages than were read. */
  readonly cut: boolean
}

/** One decision per candidate, made at `context.now`. */
export interface Decided {
  readonly context: DispatchContext
  readonly planned: ReadonlyArray<PlannedIssue>
}
