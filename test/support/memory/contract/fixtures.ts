import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { AdmissionRepo } from "../../../../src/dispatching/admission/AdmissionRepo.ts"
import type { Reservation } from "../../../../src/dispatching/admission/reservation.ts"
import { DispatchesRepo } from "../../../../src/dispatching/dispatches/DispatchesRepo.ts"
import type { DispatchRow } from "../../../../src/dispatching/dispatches/DispatchRow.ts"
import { PullRequestsRepo } from "../../../../src/dispatching/dispatches/PullRequestsRepo.ts"
import { RunLogRepo } from "../../../../src/dispatching/dispatches/RunLogRepo.ts"
import { SettlementsRepo } from "../../../../src/dispatching/dispatches/SettlementsRepo.ts"
import { TimelineRepo } from "../../../../src/dispatching/dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "../../../../src/dispatching/dispatches/TransitionsRepo.ts"
import { DecisionsRepo } from "../../../../src/dispatching/issues/DecisionsRepo.ts"
import { DedupRepo } from "../../../../src/dispatching/issues/DedupRepo.ts"
import { FactsRepo } from "../../../../src/dispatching/issues/FactsRepo.ts"
import { FailuresRepo } from "../../../../src/dispatching/issues/FailuresRepo.ts"
import { HoldsRepo } from "../../../../src/dispatching/issues/HoldsRepo.ts"
import { IssuesRepo } from "../../../../src/dispatching/issues/IssuesRepo.ts"
import { PlansRepo } from "../../../../src/dispatching/plans/PlansRepo.ts"
import { PassesRepo } from "../../../../src/dispatching/poller/PassesRepo.ts"
import { QuestionsRepo } from "../../../../src/dispatching/questions/QuestionsRepo.ts"
import { IssueId, StoredDispatchId, TeamKey } from "../../../../src/domain/Ids.ts"
import { type Mapping, mappingDefaults } from "../../../../src/domain/Mapping.ts"
import type { Outcome } from "../../../../src/domain/Outcome.ts"
import type { Reason } from "../../../../src/domain/Reason.ts"
import type { TrackedIssue } from "../../../../src/upstreams/Tracker.ts"

export const teamKey = TeamKey.make("ENG")
export const at = DateTime.makeUnsafe("2026-03-01T09:00:00.000Z")
export const later = (minutes: number) => DateTime.add(at, { minutes })
export const uuid = (last: number) => `0198c0de-0000-7000-8000-${String(last).padStart(12, "0")}`
export const idOf = (last: number) => StoredDispatchId.make(uuid(last))
export const issueOf = (last: number) => IssueId.make(uuid(1000 + last))

export const mapping: Mapping = {
  ...mappingDefaults,
  teamKey,
  owner: "acme",
  repo: "app",
  createdAt: at,
  updatedAt: at
}

export const reservation = (last: number, over: Partial<Reservation> = {}): Reservation => ({
  id: uuid(last),
  issueId: issueOf(last),
  issueIdentifier: `ENG-${last}`,
  issueTitle: "Add a logo",
  issueDescription: null,
  issueUrl: "https://linear.test/issue",
  linearTeamId: "team",
  teamKey,
  owner: "acme",
  repo: "app",
  phase: "implementation",
  attempt: 1,
  trigger: "poll",
  requestedBy: null,
  commentId: null,
  executionMode: "github-actions",
  runnerMode: "default",
  sessionMode: "hybrid",
  provider: "anthropic",
  awsRegion: null,
  workflowFile: "claude-implement.yml",
  flyApp: null,
  flyRegion: null,
  machineCpus: null,
  machineMemoryMb: null,
  prNumber: null,
  ref: "main",
  branch: `ai-implement/eng-${last}`,
  planId: null,
  planFeedback: null,
  previousPlan: null,
  extraEnv: "{}",
  launchUndeclaredInputs: "[]",
  deadlineMinutes: 45,
  status: "reserved",
  reservedAt: DateTime.toDateUtc(at),
  ...over
})

export const tracked = (last: number, over: Partial<TrackedIssue> = {}): TrackedIssue => ({
  id: issueOf(last),
  identifier: `ENG-${last}`,
  title: "Add a logo",
  description: null,
  url: "https://linear.test/issue",
  priority: 0,
  createdAt: at,
  updatedAt: at,
  labels: ["AI-Implement"],
  state: { id: "todo", name: "Todo", type: "unstarted" },
  team: { id: "team", key: teamKey },
  blockedBy: [],
  moreBlockers: false,
  ...over
})

export const run = { kind: "github", id: 7, url: "https://github.test/runs/7" } as const
export const stop = { by: "Olga", reason: "operator", message: "Olga asked" } as const
export const outcome = (kind: Outcome["kind"]): Outcome => ({
  kind,
  reason: "run_failed",
  message: "it failed",
  facts: {}
})

export const reserve = Effect.fnUntraced(function* (...reservations: [Reservation, ...Array<Reservation>]) {
  const admission = yield* AdmissionRepo
  return yield* admission.reserve(reservations, DateTime.toDateUtc(at))
})

export const readRow = (last: number) => Effect.flatMap(TransitionsRepo, ({ find }) => find(idOf(last)))

export const pickOf = <Key extends keyof DispatchRow>(row: DispatchRow | null, ...keys: ReadonlyArray<Key>) =>
  row === null ? null : keys.map((key) => row[key])

export const launched = Effect.gen(function* () {
  yield* reserve(reservation(1))
  const transitions = yield* TransitionsRepo
  yield* transitions.beginLaunch(idOf(1), 0, later(1), [])
  return transitions
})

export const running = Effect.tap(launched, ({ markRunning }) => markRunning(idOf(1), run))

export const question = {
  dispatchId: idOf(1),
  issueId: issueOf(1),
  text: "Which logo?",
  options: [],
  expiresAt: DateTime.makeUnsafe("2199-01-01T00:00:00Z")
}
export const entry = { type: "test", message: "A test" }
export const answer = (text: string, when = at) => ({ text, by: "Petra", via: "api", at: when }) as const

export const decided = (last: number, reason: Reason) => ({
  facts: { issue: tracked(last) } as never,
  decision: { kind: "wait", reason } as const
})

export type Repos =
  | AdmissionRepo
  | DispatchesRepo
  | TransitionsRepo
  | TimelineRepo
  | SettlementsRepo
  | PullRequestsRepo
  | RunLogRepo
  | IssuesRepo
  | DedupRepo
  | FailuresRepo
  | HoldsRepo
  | DecisionsRepo
  | FactsRepo
  | PlansRepo
  | QuestionsRepo
  | PassesRepo
  | SqlClient.SqlClient

/** What holds of the repos, in SQL and in memory. */
export type Contract = Readonly<Record<string, Effect.Effect<void, unknown, Repos>>>
