import type * as Schema from "effect/Schema"
import type { PullRequest, Run, SettlementStep } from "../../domain/Dispatch.ts"
import type { Outcome } from "../../domain/Outcome.ts"
import type { Report } from "../../domain/Report.ts"
import type { StopReason } from "./DispatchRow.ts"

/** One entry in the timeline of a dispatch; without `actor` the service itself acts. */
export interface TimelineEvent {
  readonly type: string
  readonly actor?: string
  readonly message: string
  readonly facts?: Schema.JsonObject
}

export interface StopRequest {
  readonly by: string
  readonly reason: StopReason
  readonly message: string
}

const sentence = (text: string) => text.replaceAll("_", " ")

export const reserved: TimelineEvent = {
  type: "reserved",
  message: "Admitted: reserved a slot of the team"
}

export const launchStarted = (attempt: number): TimelineEvent => ({
  type: "launching",
  message: attempt === 1 ? "Launch started" : `Launch attempt ${attempt} started`,
  facts: { attempt }
})

export const notSent = (attempt: number, message: string): TimelineEvent => ({
  type: "not_sent",
  message,
  facts: { attempt }
})

export const inputsUndeclared = (inputs: ReadonlyArray<string>): TimelineEvent => ({
  type: "undeclared_inputs",
  message: `GitHub did not take ${inputs.join(", ")}; sending again without`,
  facts: { inputs }
})

export const launchUncertain = (attempt: number, message: string): TimelineEvent => ({
  type: "uncertain",
  message,
  facts: { attempt }
})

export const runNotFound = (attempt: number): TimelineEvent => ({
  type: "looked_up",
  message: "Looked for the run by dispatch id: not found",
  facts: { attempt }
})

export const runStarted = (run: Run): TimelineEvent => ({
  type: "running",
  message:
    run.kind === "github" ? `Run ${run.id} started on GitHub` : `Machine ${run.machineId} was created on Fly`,
  facts: { url: run.url }
})

export const claimed = (claimant: string): TimelineEvent => ({
  type: "claimed",
  message: "The run claimed the dispatch",
  facts: { claimant }
})

export const reported = (report: Report): TimelineEvent => ({
  type: "reported",
  message: `The run reported: ${sentence(report.outcome)}`,
  facts: { outcome: report.outcome, ...(report.turns !== undefined && { turns: report.turns }) }
})

export const repositoryToken = (repository: string): TimelineEvent => ({
  type: "repository_token",
  message: `The run received a token to push to ${repository}`
})

export const announced: TimelineEvent = { type: "announced", message: "Updated the issue: the run started" }

export const stopRequested = ({ by, message, reason }: StopRequest): TimelineEvent => ({
  type: "stop_requested",
  actor: by,
  message,
  facts: { reason }
})

export const runBegun: TimelineEvent = { type: "run_begun", message: "The run began its work" }

export const runHeld = (state: "waiting" | "pending"): TimelineEvent => ({
  type: `run_${state}`,
  message:
    state === "waiting"
      ? "The run waits on GitHub for a person to approve its environment"
      : "The run waits on GitHub for its concurrency group"
})

export const runEnded: TimelineEvent = {
  type: "run_ended",
  message: "The run ended; looking for its result"
}

export const resumed = (generation: number): TimelineEvent => ({
  type: "resumed",
  message: "The workflow of this dispatch was started again",
  facts: { generation }
})

export const ended = ({ facts, kind, message, reason }: Outcome): TimelineEvent => ({
  type: kind,
  message,
  facts: { reason, ...facts }
})

export const lateOutcome = ({ kind, message, reason }: Outcome): TimelineEvent => ({
  type: "late_outcome_refused",
  message: `Ignored, because the dispatch had ended: ${message}`,
  facts: { kind, reason }
})

export const stepDone = (step: SettlementStep, message: string): TimelineEvent => ({
  type: `${step}_done`,
  message
})

export const stepGivenUp = (step: SettlementStep, error: string): TimelineEvent => ({
  type: `${step}_given_up`,
  message: error,
  facts: { effect: step }
})

export const settled: TimelineEvent = { type: "settled", message: "Settled" }

export const pullRequestEnded = ({
  number,
  state
}: Pick<PullRequest, "number" | "state">): TimelineEvent => ({
  type: `pull_request_${state}`,
  message: `Pull request #${number} was ${state}`
})

export const pullRequestReopened = (number: number): TimelineEvent => ({
  type: "pull_request_reopened",
  message: `Pull request #${number} was reopened`
})
