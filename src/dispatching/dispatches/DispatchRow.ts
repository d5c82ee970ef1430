import * as Schema from "effect/Schema"
import { Dispatch } from "../../domain/Dispatch.ts"
import { ExtraEnv } from "../../domain/ExtraEnv.ts"
import { Report } from "../../domain/Report.ts"
import type { Place } from "../../upstreams/RunBackends.ts"
import { Timestamp } from "../../domain/Text.ts"

const { pullRequest: _, pending: __, ...own } = Dispatch.fields

const nullable = Schema.NullOr

/** A row of `dispatches`: what the API shows of it, and what the lifecycle needs. */
export const DispatchRow = Schema.Struct({
  ...own,
  issueDescription: nullable(Schema.String),
  linearTeamId: Schema.String,
  extraEnv: ExtraEnv,
  deadlineMinutes: Schema.Int,
  stopRequestedBy: nullable(Schema.String),
  stopReason: nullable(
    Schema.Literals([
      "operator",
      "deadline",
      "never_started",
      "issue_canceled",
      "issue_deleted",
      "pickup_label_removed",
      "question_unanswered"
    ])
  ),
  flyApp: nullable(Schema.String),
  flyRegion: nullable(Schema.String),
  machineCpus: nullable(Schema.Int),
  machineMemoryMb: nullable(Schema.Int),
  /** The open pull request that the run continues. */
  prNumber: nullable(Schema.Int),
  /** The plan that an implementation carries out. */
  planId: nullable(Schema.String),
  planFeedback: nullable(Schema.String),
  previousPlan: nullable(Schema.String),
  /** Who claimed the dispatch: `github/<run id>`, or `fly/` and the beginning of its credential's hash. */
  claimedBy: nullable(Schema.String),
  claimedAt: nullable(Timestamp),
  report: nullable(Report),
  /** Tokens for the repository that the claimant has received. */
  repositoryTokens: Schema.Int,
  artifactLookedUpAt: nullable(Timestamp),
  /** When the run was first seen at work, or claimed the dispatch. */
  runBegunAt: nullable(Timestamp),
  /** When the run was last seen waiting for an approval or its concurrency group. */
  runHeldAt: nullable(Timestamp),
  runEndedAt: nullable(Timestamp),
  runMissing: Schema.Int,
  pullRequestLooks: Schema.Int,
  launchAttempt: Schema.Int,
  /** Launches sent again after the run of an earlier one was proved absent. */
  launchResends: Schema.Int,
  launchLeaseUntil: nullable(Timestamp),
  launchUncertainAt: nullable(Timestamp),
  launchLookups: Schema.Int,
  launchLookedUpAt: nullable(Timestamp),
  launchUndeclaredInputs: Schema.Array(Schema.String),
  announcedAt: nullable(Timestamp),
  workflowGeneration: Schema.Int
})
export type DispatchRow = typeof DispatchRow.Type

const maxPlanning = 30

/** A run's time in minutes: its mapping's, at most 30 for planning. */
export const deadlineMinutes = ({ phase, deadlineMinutes }: Pick<DispatchRow, "phase" | "deadlineMinutes">) =>
  phase === "planning" ? Math.min(deadlineMinutes, maxPlanning) : deadlineMinutes

export type StopReason = NonNullable<DispatchRow["stopReason"]>

/** Where the run of a dispatch lives: fixed in its row. */
export const placeOf = ({ executionMode, flyApp, owner, repo }: DispatchRow): Place =>
  executionMode === "fly-machines" ? { kind: "fly", app: flyApp ?? "" } : { kind: "github", owner, repo }

/** The backend that runs a dispatch, as operators call it. */
export const backendOf = ({ executionMode }: Pick<DispatchRow, "executionMode">) =>
  executionMode === "fly-machines" ? "Fly" : "GitHub"
