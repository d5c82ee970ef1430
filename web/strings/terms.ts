import type { DispatchStatus, OutcomeKind } from "../../src/domain/DispatchStatus.ts"
import type {
  ExecutionMode,
  Phase,
  Provider,
  RunnerMode,
  SessionMode,
  Trigger
} from "../../src/domain/Modes.ts"
import type { OutcomeReason } from "../../src/domain/Outcome.ts"
import type { Overview } from "../../src/domain/Overview.ts"
import { reasonTitles } from "../../src/domain/reasonTitles.ts"
import type { Upstream } from "../../src/domain/Reason.ts"

const status: Record<DispatchStatus, string> = {
  reserved: "Reserved",
  launching: "Launching",
  uncertain: "Uncertain",
  running: "Running",
  stopping: "Stopping",
  succeeded: "Succeeded",
  failed: "Failed",
  timed_out: "Timed out",
  cancelled: "Cancelled"
}

const outcomeKind: Record<OutcomeKind, string> = {
  delivered: "Delivered",
  failed: "Failed",
  lost: "Lost",
  timed_out: "Timed out",
  cancelled: "Cancelled"
}

const outcomeReason: Record<OutcomeReason, string> = {
  pull_request: "pull request",
  plan: "plan",
  no_pull_request: "no pull request",
  pull_request_closed: "pull request closed",
  no_plan: "no plan",
  verification_failed: "verification failed",
  no_change: "nothing to change",
  question_unanswered: "question unanswered",
  run_failed: "run failed",
  run_cancelled: "run cancelled outside",
  run_vanished: "run vanished",
  launch_refused: "launch refused",
  launch_unconfirmed: "launch not confirmed",
  upstream_down: "upstream down",
  never_started: "never started",
  deadline: "deadline",
  operator: "by an operator",
  issue_canceled: "issue canceled",
  issue_deleted: "issue deleted",
  pickup_label_removed: "label removed"
}

const upstream: Record<Upstream, string> = { linear: "Linear", github: "GitHub", fly: "Fly" }

const phase: Record<Phase, string> = { planning: "Planning", implementation: "Implementation" }

const executionMode: Record<ExecutionMode, string> = {
  "github-actions": "GitHub Actions",
  "fly-machines": "Fly Machines"
}

const sessionMode: Record<SessionMode, string> = {
  autonomous: "Autonomous",
  interactive: "Interactive",
  hybrid: "Hybrid"
}

const provider: Record<Provider, string> = { anthropic: "Anthropic", bedrock: "Amazon Bedrock" }

const runnerMode: Record<RunnerMode, string> = {
  default: "Each mapping decides",
  gha: "GitHub Actions for all",
  fly: "Fly Machines for all"
}

const trigger: Record<Trigger, string> = {
  poll: "Poller",
  manual: "Dispatch now",
  retry: "Retry",
  comment: "Comment"
}

const upstreamState: Record<Overview["upstreams"][number]["state"], string> = {
  ok: "Reachable",
  degraded: "Degraded",
  down: "Down",
  off: "Not configured"
}

export const terms = {
  status,
  outcomeKind,
  outcomeReason,
  reason: reasonTitles,
  upstream,
  phase,
  executionMode,
  sessionMode,
  provider,
  runnerMode,
  trigger,
  upstreamState
} as const
