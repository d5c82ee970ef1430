import * as Schema from "effect/Schema"
import { branchName } from "../../domain/Branch.ts"
import type { Mapping } from "../../domain/Mapping.ts"
import type { Phase, Trigger } from "../../domain/Modes.ts"
import { PlanDocument, planText, PlanVerdict } from "../../domain/Plan.ts"
import type { TrackedIssue } from "../../upstreams/Tracker.ts"
import { modeOf } from "../decision/decide.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { StoredIssueId } from "../../domain/Ids.ts"

/** What is stored about an issue before its next dispatch. */
export const History = Schema.Struct({
  issueId: StoredIssueId,
  attempts: Schema.Int,
  branches: Schema.Int,
  openBranch: Schema.NullOr(Schema.String),
  openNumber: Schema.NullOr(Schema.Int),
  plan: Schema.NullOr(
    Schema.Struct({
      id: Schema.String,
      documents: Schema.Array(PlanDocument),
      withdrawn: Schema.Boolean,
      verdict: Schema.NullOr(PlanVerdict),
      reason: Schema.NullOr(Schema.String)
    })
  )
})
export type History = typeof History.Type

export interface Chosen {
  readonly issue: TrackedIssue
  readonly phase: Phase
  readonly undeclaredInputs: ReadonlyArray<string>
}

// What a dispatch takes from the newest plan of its issue: planning the rejected plan, an implementation the plan.
const takenFrom = (plan: History["plan"], phase: Phase, mapping: Mapping) => {
  const rejected = plan?.verdict === "rejected"
  if (phase === "planning") {
    return rejected
      ? { planId: null, planFeedback: plan.reason, previousPlan: planText(plan.documents) }
      : { planId: null, planFeedback: null, previousPlan: null }
  }
  const counts = mapping.planningEnabled && plan !== null && !plan.withdrawn && !rejected
  return { planId: counts ? plan.id : null, planFeedback: null, previousPlan: null }
}

/** The row of a new dispatch: all of it is fixed at its reservation. */
export const reservation = (
  { issue, phase, undeclaredInputs }: Chosen,
  given: {
    readonly id: string
    readonly at: Date
    readonly trigger: Trigger
    readonly by: string | null
    readonly commentId: number | null
    readonly mapping: Mapping
    readonly context: DispatchContext
    readonly history: History | undefined
  }
) => {
  const { context, mapping, history } = given
  const { attempts = 0, branches = 0, openBranch = null, openNumber = null, plan = null } = history ?? {}
  const planning = phase === "planning"
  const executionMode = modeOf(phase, mapping, context.runnerMode)
  const fly = executionMode === "fly-machines"
  return {
    id: given.id,
    issueId: issue.id,
    issueIdentifier: issue.identifier,
    issueTitle: issue.title,
    issueDescription: issue.description,
    issueUrl: issue.url,
    linearTeamId: issue.team.id,
    teamKey: mapping.teamKey,
    owner: mapping.owner,
    repo: mapping.repo,
    phase,
    attempt: attempts + 1,
    trigger: given.trigger,
    requestedBy: given.by,
    commentId: given.commentId,
    executionMode,
    runnerMode: context.runnerMode,
    sessionMode: planning ? "autonomous" : mapping.sessionMode,
    provider: mapping.provider,
    awsRegion: mapping.awsRegion,
    workflowFile: fly ? null : planning ? mapping.planningWorkflowFile : mapping.workflowFile,
    flyApp: fly ? context.fly.app : null,
    flyRegion: fly ? context.fly.region : null,
    machineCpus: fly ? mapping.machineCpus : null,
    machineMemoryMb: fly ? mapping.machineMemoryMb : null,
    prNumber: planning ? null : openNumber,
    ref: mapping.defaultBranch,
    branch: openBranch ?? branchName(issue.identifier, issue.title, branches + 1),
    ...takenFrom(plan, phase, mapping),
    extraEnv: JSON.stringify(mapping.extraEnv),
    launchUndeclaredInputs: JSON.stringify(undeclaredInputs),
    deadlineMinutes: mapping.deadlineMinutes,
    status: "reserved",
    reservedAt: given.at
  }
}
export type Reservation = ReturnType<typeof reservation>
