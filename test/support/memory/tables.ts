import type * as DateTime from "effect/DateTime"
import type { DispatchRow } from "../../../src/dispatching/dispatches/DispatchRow.ts"
import type { EffectRow } from "../../../src/dispatching/dispatches/SettlementsRepo.ts"
import type { TimelineEvent } from "../../../src/dispatching/dispatches/timelineEvents.ts"
import type { StoredReadiness } from "../../../src/dispatching/decision/knownReadiness.ts"
import type { DedupEntry } from "../../../src/domain/Dedup.ts"
import type { PullRequest } from "../../../src/domain/Dispatch.ts"
import type { FailureState } from "../../../src/domain/Failures.ts"
import type { DispatchId, IssueId, TeamKey } from "../../../src/domain/Ids.ts"
import type { Mapping } from "../../../src/domain/Mapping.ts"
import type { Phase } from "../../../src/domain/Modes.ts"
import type { PlanDocument, PlanVerdict } from "../../../src/domain/Plan.ts"
import type { Question } from "../../../src/domain/Question.ts"
import type { Reason } from "../../../src/domain/Reason.ts"
import type { Notice } from "../../../src/messaging/Notifications/Notice.ts"
import type { TrackedIssue } from "../../../src/upstreams/Tracker.ts"
import { Table } from "./Store.ts"

type At = DateTime.Utc | null

export interface StoredDispatch extends DispatchRow {
  readonly workflowCheckedAt: At
  readonly workflowClearedAt: At
}

export interface StoredEvent extends TimelineEvent {
  readonly id: number
  readonly dispatchId: DispatchId
  readonly at: DateTime.Utc
}

export interface StoredStep extends EffectRow {
  readonly state: "pending" | "done" | "given_up"
  readonly lastError: string | null
}

export interface StoredPullRequest extends PullRequest {
  readonly owner: string
  readonly repo: string
  readonly branch: string
  readonly issueId: IssueId
  readonly dispatchId: DispatchId
}

export interface StoredIssue extends TrackedIssue {
  readonly candidate: boolean
  readonly seenAt: DateTime.Utc
  readonly missing: number
  readonly missingSince: At
}

export interface StoredDecision {
  readonly issueId: IssueId
  readonly decision: "dispatch" | "wait"
  readonly phase: Phase | null
  readonly reason: Reason | null
  readonly since: DateTime.Utc
  readonly passId: string
  readonly missing: number
}

export interface StoredPlan {
  readonly id: string
  readonly issueId: IssueId
  readonly dispatchId: DispatchId | null
  readonly documents: ReadonlyArray<PlanDocument>
  readonly finishedAt: DateTime.Utc
  readonly withdrawnAt: At
  readonly labelled: boolean
  readonly approvalIgnored: boolean
  readonly verdict: PlanVerdict | null
  readonly verdictAt: At
  readonly verdictBy: string | null
  readonly reason: string | null
  readonly cleared: boolean
}

export interface StoredQuestion extends Omit<Question, "issueIdentifier"> {
  readonly commentId: string
  readonly commentBegunAt: At
  readonly commentedAt: At
  readonly closingCommentId: string
  readonly closingCommentedAt: At
  readonly heardAt: At
  readonly attempts: number
  readonly nextAt: DateTime.Utc
}

export interface StoredPass {
  readonly id: string
  readonly requestedBy: string | null
  readonly startedAt: At
  readonly finishedAt: At
  readonly ok: boolean | null
  readonly candidates: number
  readonly dispatched: number
  readonly error: string | null
}

export interface StoredInstance {
  readonly paused: boolean
  readonly pollerEpoch: number
  readonly pollerHolder: string | null
  readonly pollerNextAt: At
}

export const dispatches = new Table<StoredDispatch>("dispatches")
export const events = new Table<StoredEvent>("dispatch_events")
export const steps = new Table<StoredStep>("settlement_effects")
export const pullRequests = new Table<StoredPullRequest>("pull_requests")
export const logLines = new Table<{
  readonly id: number
  readonly dispatchId: DispatchId
  readonly text: string
}>("dispatch_logs")
export const credentials = new Table<{
  readonly token: string
  readonly dispatchId: DispatchId
  readonly purpose: "machine" | "questions"
}>("runner_credentials")
export const usedTokens = new Table<{ readonly jti: string }>("used_tokens")
export const mappings = new Table<Mapping>("mappings")
export const readiness = new Table<
  StoredReadiness & { readonly teamKey: TeamKey; readonly checkedAt: DateTime.Utc; readonly ready: boolean }
>("readiness")
export const instance = new Table<StoredInstance>("instance")
export const issues = new Table<StoredIssue>("issues")
export const dedup = new Table<DedupEntry & { readonly dispatchId: DispatchId }>("dedup")
export const failures = new Table<FailureState & { readonly issueId: IssueId; readonly phase: Phase }>(
  "issue_failures"
)
export const holds = new Table<{ readonly issueId: IssueId; readonly by: string; readonly at: DateTime.Utc }>(
  "issue_holds"
)
export const decisions = new Table<StoredDecision>("decisions")
export const plans = new Table<StoredPlan>("plans")
export const questions = new Table<StoredQuestion>("questions")
export const passes = new Table<StoredPass>("passes")
export const notifications = new Table<{
  readonly id: string
  readonly key: string
  readonly body: Notice
  readonly state: "pending" | "sent" | "given_up"
  readonly attempts: number
  readonly nextAt: DateTime.Utc
  readonly createdAt: DateTime.Utc
}>("notifications")

export const instanceKey = "instance"
export const noInstance: StoredInstance = {
  paused: false,
  pollerEpoch: 0,
  pollerHolder: null,
  pollerNextAt: null
}
