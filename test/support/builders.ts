import * as DateTime from "effect/DateTime"
import type { DispatchRow } from "../../src/dispatching/dispatches/DispatchRow.ts"
import type { PullRequest, Run } from "../../src/domain/Dispatch.ts"
import type { FailureState } from "../../src/domain/Failures.ts"
import { type Mapping, mappingDefaults } from "../../src/domain/Mapping.ts"
import type { Outcome } from "../../src/domain/Outcome.ts"
import type { TrackedIssue } from "../../src/upstreams/Tracker.ts"
import type { IssueFacts, PlanFacts, UnsettledFacts } from "../../src/dispatching/decision/decide.ts"
import type { DispatchContext } from "../../src/dispatching/decision/DispatchContext.ts"
import type { ObservedRun } from "../../src/upstreams/RunBackends.ts"
import { UpstreamError, type UpstreamReason } from "../../src/upstreams/UpstreamError.ts"
import { StoredDispatchId, StoredIssueId, TeamKey } from "../../src/domain/Ids.ts"
import { dispatchSample } from "./dispatchSample.ts"

export const at = (iso: string) => DateTime.makeUnsafe(iso)

/** The present of every table test. */
export const now = at("2026-11-23T12:00:00Z")
export const millis = (count: number, from = now) => DateTime.add(from, { milliseconds: count })
export const seconds = (count: number, from = now) => DateTime.add(from, { seconds: count })
export const minutes = (count: number, from = now) => DateTime.add(from, { minutes: count })
export const hours = (count: number, from = now) => DateTime.add(from, { hours: count })

const dispatchId = StoredDispatchId.make("01937c2e-0000-7000-8000-000000000001")

export const mapping = (changes: Partial<Mapping> = {}): Mapping => ({
  teamKey: TeamKey.make("ENG"),
  owner: "acme",
  repo: "app",
  ...mappingDefaults,
  planningEnabled: false,
  createdAt: hours(-48),
  updatedAt: hours(-48),
  ...changes
})

export const issue = (changes: Partial<TrackedIssue> = {}): TrackedIssue => ({
  id: StoredIssueId.make("5f4b0a3c-0000-4000-8000-000000000042"),
  identifier: "ENG-42",
  title: "Add login",
  description: null,
  url: "https://linear.test/ENG-42",
  priority: 0,
  createdAt: hours(-24),
  updatedAt: hours(-1),
  labels: ["AI-Implement"],
  state: { id: "state-todo", name: "Todo", type: "unstarted" },
  team: { id: "team-eng", key: TeamKey.make("ENG") },
  blockedBy: [],
  moreBlockers: false,
  ...changes
})

/** An issue that nothing keeps from being dispatched. */
export const issueFacts = (changes: Partial<IssueFacts> = {}): IssueFacts => ({
  issue: issue(),
  mapping: mapping(),
  unsettled: null,
  settledSince: null,
  openPullRequest: null,
  plan: null,
  held: null,
  dedupUntil: null,
  failures: { planning: null, implementation: null },
  hourlyLimitUntil: null,
  used: 0,
  readiness: null,
  ...changes
})

export const dispatchContext = (changes: Partial<DispatchContext> = {}): DispatchContext => ({
  now,
  paused: false,
  runnerMode: "default",
  missingSettings: { "github-actions": [], "fly-machines": [], questions: [] },
  down: { github: null, fly: null },
  fly: { app: "sessions", region: null },
  lowBudget: null,
  ...changes
})

export const unsettled = (changes: Partial<UnsettledFacts> = {}): UnsettledFacts => ({
  id: dispatchId,
  phase: "implementation",
  status: "running",
  ended: false,
  pending: [],
  question: null,
  ...changes
})

/** A plan that was finished an hour ago and waits for a verdict. */
export const planFacts = (changes: Partial<PlanFacts> = {}): PlanFacts => ({
  dispatchId,
  finishedAt: hours(-1),
  verdict: null,
  approvalIgnored: false,
  ...changes
})

export const failureState = (changes: Partial<FailureState> = {}): FailureState => ({
  failures: 1,
  backoffUntil: null,
  parkedAt: null,
  last: "the run failed on GitHub.",
  ...changes
})

export const run: Run = { kind: "github", id: 7, url: "https://github.test/acme/app/actions/runs/7" }

/** A dispatch that waits in `reserved`. */
export const dispatchRow = (changes: Partial<DispatchRow> = {}): DispatchRow => ({
  ...dispatchSample,
  id: dispatchId,
  issueId: issue().id,
  issueIdentifier: "ENG-42",
  issueTitle: "Add login",
  issueDescription: null,
  issueUrl: "https://linear.test/ENG-42",
  linearTeamId: "team-eng",
  branch: "ai-implement/ENG-42-add-login",
  extraEnv: {},
  flyApp: null,
  flyRegion: null,
  machineCpus: null,
  machineMemoryMb: null,
  prNumber: null,
  planId: null,
  planFeedback: null,
  previousPlan: null,
  claimedBy: null,
  claimedAt: null,
  report: null,
  repositoryTokens: 0,
  artifactLookedUpAt: null,
  deadlineMinutes: 60,
  stopRequestedBy: null,
  stopReason: null,
  runBegunAt: null,
  runHeldAt: null,
  runEndedAt: null,
  runMissing: 0,
  pullRequestLooks: 0,
  launchAttempt: 0,
  launchResends: 0,
  launchLeaseUntil: null,
  launchUncertainAt: null,
  launchLookups: 0,
  launchLookedUpAt: null,
  launchUndeclaredInputs: [],
  announcedAt: null,
  workflowGeneration: 1,
  reservedAt: minutes(-1),
  ...changes
})

/** A dispatch whose run is known. */
export const runningRow = (changes: Partial<DispatchRow> = {}): DispatchRow =>
  dispatchRow({
    status: "running",
    launchAttempt: 1,
    run,
    startedAt: now,
    deadlineAt: minutes(60),
    ...changes
  })

export const observedRun = (changes: Partial<ObservedRun> = {}): ObservedRun => ({
  run,
  dispatchId,
  state: "running",
  conclusion: null,
  detail: null,
  createdAt: now,
  startedAt: now,
  ...changes
})

export const pullRequest = (changes: Partial<PullRequest> = {}): PullRequest => ({
  number: 12,
  url: "https://github.test/acme/app/pull/12",
  state: "open",
  draft: false,
  ...changes
})

export const outcome = (changes: Partial<Outcome> = {}): Outcome => ({
  kind: "failed",
  reason: "run_failed",
  message: "the run failed on GitHub.",
  facts: {},
  ...changes
})

export const upstreamError = (reason: UpstreamReason, message = "GitHub failed.") =>
  new UpstreamError({ upstream: "github", operation: "launch", reason, message })
