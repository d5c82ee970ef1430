import type { Dispatch } from "../../src/domain/Dispatch.ts"
import { TeamKey } from "../../src/domain/Ids.ts"

/** What the dispatches of all fixtures have in common: an implementation for ENG, reserved by the poller. */
export const dispatchSample = {
  teamKey: TeamKey.make("ENG"),
  owner: "acme",
  repo: "app",
  phase: "implementation",
  attempt: 1,
  trigger: "poll",
  requestedBy: null,
  executionMode: "github-actions",
  runnerMode: "default",
  sessionMode: "autonomous",
  provider: "anthropic",
  awsRegion: null,
  workflowFile: "claude-implement.yml",
  ref: "main",
  status: "reserved",
  waitingFor: null,
  stopRequestedAt: null,
  outcome: null,
  run: null,
  costUsd: null,
  tokens: null,
  turns: null,
  model: null,
  sessionId: null,
  permissionDenials: null,
  startedAt: null,
  deadlineAt: null,
  finishedAt: null,
  settledAt: null
} as const satisfies Partial<Dispatch>
