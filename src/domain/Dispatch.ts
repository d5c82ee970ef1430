import * as Schema from "effect/Schema"
import { DispatchStatus } from "./DispatchStatus.ts"
import { DispatchId, MachineId, StoredIssueId, StoredTeamKey } from "./Ids.ts"
import { ExecutionMode, Phase, Provider, RunnerMode, SessionMode, Trigger } from "./Modes.ts"
import { Outcome } from "./Outcome.ts"
import { JsonTimestamp, Timestamp } from "./Text.ts"

export const Run = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("github"), id: Schema.Int, url: Schema.String }),
  Schema.Struct({
    kind: Schema.Literal("fly"),
    app: Schema.String,
    machineId: MachineId,
    region: Schema.String,
    url: Schema.String
  })
]).annotate({ identifier: "Run" })
export type Run = typeof Run.Type

export const PullRequest = Schema.Struct({
  number: Schema.Int,
  url: Schema.String,
  state: Schema.Literals(["open", "closed", "merged"]),
  draft: Schema.Boolean
}).annotate({ identifier: "PullRequest" })
export type PullRequest = typeof PullRequest.Type

/** The settlement steps of a dispatch, each until done or given up. */
export const SettlementStep = Schema.Literals([
  "plan_1",
  "plan_2",
  "plan_3",
  "comment",
  "labels",
  "machine",
  "parked_comment"
])
export type SettlementStep = typeof SettlementStep.Type

const PendingEffect = Schema.Struct({
  effect: SettlementStep,
  attempts: Schema.Int,
  nextAt: JsonTimestamp,
  lastError: Schema.NullOr(Schema.String)
}).annotate({ identifier: "PendingEffect" })

/** One attempt to run one phase of one issue: a row of the dispatch log. */
export const Dispatch = Schema.Struct({
  id: DispatchId,
  issueId: StoredIssueId,
  issueIdentifier: Schema.String,
  issueTitle: Schema.String,
  issueUrl: Schema.String,
  teamKey: StoredTeamKey,
  owner: Schema.String,
  repo: Schema.String,
  phase: Phase,
  attempt: Schema.Int,
  trigger: Trigger,
  requestedBy: Schema.NullOr(Schema.String),
  executionMode: ExecutionMode,
  runnerMode: RunnerMode,
  sessionMode: SessionMode,
  provider: Provider,
  awsRegion: Schema.NullOr(Schema.String),
  workflowFile: Schema.NullOr(Schema.String),
  ref: Schema.String,
  branch: Schema.String,
  status: DispatchStatus,
  waitingFor: Schema.NullOr(Schema.Literal("answer")),
  stopRequestedAt: Schema.NullOr(Timestamp),
  outcome: Schema.NullOr(Outcome),
  run: Schema.NullOr(Run),
  pullRequest: Schema.NullOr(PullRequest),
  costUsd: Schema.NullOr(Schema.Finite),
  tokens: Schema.NullOr(Schema.Int),
  turns: Schema.NullOr(Schema.Int),
  model: Schema.NullOr(Schema.String),
  /** The agent's own name of its session. */
  sessionId: Schema.NullOr(Schema.String),
  /** Tool calls that the agent was not allowed to make; null where the run did not report them. */
  permissionDenials: Schema.NullOr(Schema.Array(Schema.String)),
  pending: Schema.Array(PendingEffect),
  reservedAt: Timestamp,
  startedAt: Schema.NullOr(Timestamp),
  deadlineAt: Schema.NullOr(Timestamp),
  finishedAt: Schema.NullOr(Timestamp),
  settledAt: Schema.NullOr(Timestamp)
}).annotate({ identifier: "Dispatch" })
export type Dispatch = typeof Dispatch.Type

export const DispatchEvent = Schema.Struct({
  id: Schema.Int,
  dispatchId: DispatchId,
  at: Timestamp,
  type: Schema.String,
  actor: Schema.NullOr(Schema.String),
  message: Schema.String,
  facts: Schema.Record(Schema.String, Schema.Json)
}).annotate({ identifier: "DispatchEvent" })
export type DispatchEvent = typeof DispatchEvent.Type

/** The last log lines of a run, or where to read them. */
export const Logs = Schema.Struct({
  source: Schema.Literals(["runner", "link"]),
  lines: Schema.Array(Schema.Struct({ at: Timestamp, text: Schema.String })),
  url: Schema.NullOr(Schema.String)
}).annotate({ identifier: "Logs" })
export type Logs = typeof Logs.Type
