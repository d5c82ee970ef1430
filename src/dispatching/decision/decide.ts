import * as DateTime from "effect/DateTime"
import type { DispatchStatus } from "../../domain/DispatchStatus.ts"
import type { FailureState } from "../../domain/Failures.ts"
import { labels, occupyingLabels, hasLabel } from "../../domain/Labels.ts"
import type { Mapping } from "../../domain/Mapping.ts"
import type { PlanVerdict } from "../../domain/Plan.ts"
import {
  effectiveExecutionMode,
  type ExecutionMode,
  type Phase,
  type RunnerMode,
  type Trigger
} from "../../domain/Modes.ts"
import type { Reason } from "../../domain/Reason.ts"
import type { TrackedIssue } from "../../upstreams/Tracker.ts"
import type { KnownReadiness } from "./knownReadiness.ts"
import type { DispatchContext } from "./DispatchContext.ts"
import { triggerRules } from "./triggerRules.ts"
import type { DispatchId } from "../../domain/Ids.ts"

export interface UnsettledFacts {
  readonly id: string
  readonly phase: Phase
  readonly status: DispatchStatus
  readonly ended: boolean
  readonly pending: ReadonlyArray<string>
  /** The open question that expires first. */
  readonly question: { readonly id: string; readonly expiresAt: DateTime.Utc } | null
}

export interface PlanFacts {
  /** Null for a plan that a person declared. */
  readonly dispatchId: DispatchId | null
  readonly finishedAt: DateTime.Utc
  readonly verdict: PlanVerdict | null
  readonly approvalIgnored: boolean
}

export interface IssueFacts {
  readonly issue: TrackedIssue
  readonly mapping: Mapping | null
  readonly unsettled: UnsettledFacts | null
  /** A dispatch that settled after the issue was read: its labels are out of date. */
  readonly settledSince: { readonly id: string } | null
  readonly openPullRequest: { readonly url: string } | null
  /** The newest plan, unless it was withdrawn. */
  readonly plan: PlanFacts | null
  /** Who cancelled its last dispatch. */
  readonly held: { readonly by: string; readonly at: DateTime.Utc } | null
  readonly dedupUntil: DateTime.Utc | null
  readonly failures: Readonly<Record<Phase, FailureState | null>>
  /** Until when the team's hourly limit is reached; null while there is room. */
  readonly hourlyLimitUntil: DateTime.Utc | null
  readonly used: number
  /** The last check of the mapping's repository; null without one. */
  readonly readiness: KnownReadiness | null
}

export type Decision =
  | { readonly kind: "dispatch"; readonly phase: Phase }
  | { readonly kind: "wait"; readonly reason: Reason }

const isTeamKnown = ({ team }: TrackedIssue) => team.key !== ""

const wait = (reason: Reason): Decision => ({ kind: "wait", reason })

export const isPlanned = ({ plan }: IssueFacts) => plan !== null && plan.verdict !== "rejected"

const underWay = ({ ended, id, pending, phase, question, status }: UnsettledFacts): Reason => {
  if (ended) return { _tag: "settling", dispatchId: id, pending }
  return question === null
    ? { _tag: "running", dispatchId: id, phase, status }
    : { _tag: "waiting_answer", dispatchId: id, questionId: question.id, expiresAt: question.expiresAt }
}

const duePhase = (mapping: Mapping, facts: IssueFacts, trigger: Trigger): Phase =>
  mapping.planningEnabled && triggerRules[trigger].planApproval && !isPlanned(facts)
    ? "planning"
    : "implementation"

const approval = ({ now }: DispatchContext, mapping: Mapping, facts: IssueFacts): Reason | null => {
  const { issue, plan } = facts
  const approved = mapping.autoApprovePlans || plan?.verdict === "approved"
  if (!mapping.planningEnabled || (isPlanned(facts) && approved)) return null
  const ignored = plan?.approvalIgnored === true && hasLabel(issue.labels, labels.planApproved)
  return {
    _tag: "waiting_approval",
    planDispatchId: plan?.dispatchId ?? null,
    since: plan?.finishedAt ?? now,
    ...(ignored && { ignoredLabel: true })
  }
}

/** Planning runs on GitHub Actions, whatever the mapping says. */
export const modeOf = (phase: Phase, mapping: Mapping, runnerMode: RunnerMode): ExecutionMode =>
  phase === "planning" ? "github-actions" : effectiveExecutionMode(mapping.executionMode, runnerMode)

/**
 * Decides about one issue for one trigger: dispatch it, or the first reason to wait, in the order of `Reason`.
 * `wanted` is the requested phase, if any.
 */
export const decide = (
  context: DispatchContext,
  facts: IssueFacts,
  trigger: Trigger,
  wanted: Phase | null = null
): Decision => {
  const rules = triggerRules[trigger]
  const { issue, mapping, unsettled } = facts
  const later = (until: DateTime.Utc | null): until is DateTime.Utc =>
    until !== null && DateTime.isGreaterThan(until, context.now)

  if (mapping === null && isTeamKnown(issue)) return wait({ _tag: "no_mapping", teamKey: issue.team.key })
  if (mapping === null) return wait({ _tag: "unreadable", what: issue.unreadable ?? "team" })
  if (unsettled !== null) return wait(underWay(unsettled))
  if (facts.settledSince !== null) {
    return wait({ _tag: "settling", dispatchId: facts.settledSince.id, pending: [] })
  }
  if (issue.unreadable !== undefined) return wait({ _tag: "unreadable", what: issue.unreadable })
  const stray = occupyingLabels.find((label) => hasLabel(issue.labels, label))
  if (stray !== undefined) return wait({ _tag: "labelled_elsewhere", label: stray })
  if (rules.pullRequest || facts.openPullRequest === null) {
    if (hasLabel(issue.labels, labels.readyForReview)) return wait({ _tag: "ready_for_review" })
    if (facts.openPullRequest !== null) {
      return wait({ _tag: "open_pull_request", url: facts.openPullRequest.url })
    }
  }
  if (rules.blocked && issue.blockedBy.length > 0) {
    return wait({ _tag: "blocked", by: issue.blockedBy, more: issue.moreBlockers })
  }
  if (rules.failureState && facts.held !== null) return wait({ _tag: "held", ...facts.held })
  const phase = wanted ?? duePhase(mapping, facts, trigger)
  const failureState = facts.failures[phase]
  if (rules.failureState && failureState !== null && failureState.parkedAt !== null) {
    return wait({ _tag: "parked", failures: failureState.failures, last: failureState.last })
  }
  const unapproved =
    phase === "implementation" && rules.planApproval ? approval(context, mapping, facts) : null
  if (unapproved !== null) return wait(unapproved)
  if (rules.failureState && later(facts.dedupUntil)) return wait({ _tag: "dedup", until: facts.dedupUntil })
  if (rules.failureState && failureState !== null && later(failureState.backoffUntil)) {
    return wait({ _tag: "backing_off", until: failureState.backoffUntil, failures: failureState.failures })
  }
  const trackerProblems = facts.readiness?.problems.tracker ?? []
  if (trackerProblems.length > 0) return wait({ _tag: "tracker_not_ready", problems: trackerProblems })
  const mode = modeOf(phase, mapping, context.runnerMode)
  const asks = phase === "implementation" && mapping.sessionMode !== "autonomous"
  const missing = [
    ...context.missingSettings[mode].concat(asks ? context.missingSettings.questions : []),
    ...(phase === "planning" && !mapping.planningEnabled ? ["planningEnabled"] : [])
  ]
  if (missing.length > 0) return wait({ _tag: "not_configured", missing: [...new Set(missing)] })
  if (mapping.provider === "bedrock" && mode === "fly-machines") {
    return wait({ _tag: "provider_unsupported", provider: mapping.provider, mode })
  }
  const problems = facts.readiness?.problems[phase] ?? []
  if (problems.length > 0) return wait({ _tag: "repository_not_ready", problems })
  if (context.lowBudget !== null) return wait({ _tag: "budget_low", ...context.lowBudget })
  const upstream = mode === "fly-machines" ? "fly" : "github"
  const since = context.down[upstream]
  if (since !== null) return wait({ _tag: "upstream_down", upstream, since })
  if (later(facts.hourlyLimitUntil)) return wait({ _tag: "hourly_limit", until: facts.hourlyLimitUntil })
  if (facts.used >= mapping.maxInProgressAiIssues) {
    return wait({ _tag: "team_at_capacity", used: facts.used, cap: mapping.maxInProgressAiIssues })
  }
  if (rules.mappingPaused && mapping.paused) return wait({ _tag: "paused" })
  if (context.paused) return wait({ _tag: "globally_paused" })
  return { kind: "dispatch", phase }
}
