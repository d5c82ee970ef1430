import type * as DateTime from "effect/DateTime"
import type * as Ref from "effect/Ref"
import type { Mapping } from "../../../domain/Mapping.ts"
import type { TrackedIssue } from "../../../upstreams/Tracker.ts"
import type { PlannedIssue } from "../../decision/decideAll.ts"
import type { DispatchContext } from "../../decision/DispatchContext.ts"
import type { IssueId } from "../../../domain/Ids.ts"

export interface PassState {
  readonly id: string
  /** Of the poller that runs it: an earlier poller's writes are refused. */
  readonly epoch: number
  /** Candidates of the pass before. */
  readonly lastCount: number
  readonly requests: Ref.Ref<number>
}

export interface Scope {
  readonly mappings: ReadonlyArray<Mapping>
  /** Issues that are read by id, candidates or not. */
  readonly trackedIds: ReadonlyArray<IssueId>
}

export interface Reading extends Scope {
  readonly readAt: DateTime.Utc
  readonly candidates: ReadonlyArray<TrackedIssue>
  readonly tracked: ReadonlyArray<TrackedIssue>
  readonly unreadable: ReadonlyArray<TrackedIssue & { readonly candidate: boolean }>
  /** Of the tracked ids: those that Linear did not return. */
  readonly missing: ReadonlyArray<IssueId>
  /** Linear has more pages than were read. */
  readonly cut: boolean
}

export interface Decided {
  readonly context: DispatchContext
  readonly planned: ReadonlyArray<PlannedIssue>
}
