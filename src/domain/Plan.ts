import * as Schema from "effect/Schema"
import { DispatchId, StoredIssueId } from "./Ids.ts"
import { JsonTimestamp, someForeignText, trimmedText } from "./Text.ts"

/** One part of a plan, as the planning run wrote it. */
export const PlanDocument = Schema.Struct({ title: someForeignText(200), markdown: someForeignText(60_000) })
export type PlanDocument = typeof PlanDocument.Type

/** Up to three parts: Architecture Analysis, Test Plan, Cross-Story Context. */
export const Plan = Schema.Array(PlanDocument).check(
  Schema.isMinLength(1, { message: "must hold at least one part" }),
  Schema.isMaxLength(3, { message: "must hold at most three parts" })
)
export type Plan = typeof Plan.Type

/** A plan as one text; null when there is nothing to read. */
export const planText = (documents: ReadonlyArray<PlanDocument>) =>
  documents.length === 0
    ? null
    : documents.map(({ markdown, title }) => `# ${title}\n\n${markdown}`).join("\n\n")

export const PlanVerdict = Schema.Literals(["approved", "rejected"])
export type PlanVerdict = typeof PlanVerdict.Type

/** A plan of an issue, as it was made; without a dispatch and documents if a person declared it. */
export const PlanVersion = Schema.Struct({
  dispatchId: Schema.NullOr(DispatchId),
  documents: Schema.Array(PlanDocument),
  finishedAt: JsonTimestamp,
  verdict: Schema.NullOr(
    Schema.Struct({
      kind: PlanVerdict,
      by: Schema.NullOr(Schema.String),
      at: Schema.NullOr(JsonTimestamp),
      reason: Schema.NullOr(Schema.String)
    })
  ),
  withdrawn: Schema.Boolean
}).annotate({ identifier: "PlanVersion" })
export type PlanVersion = typeof PlanVersion.Type

/** The plans of an issue, newest first. */
export const PlanHistory = Schema.Struct({
  issueId: StoredIssueId,
  issueIdentifier: Schema.String,
  versions: Schema.Array(PlanVersion)
}).annotate({ identifier: "PlanHistory" })
export type PlanHistory = typeof PlanHistory.Type

/** The newest plan, while no one has decided about it. */
export const undecidedPlan = ({ versions: [newest] }: Pick<PlanHistory, "versions">) =>
  newest !== undefined && newest.verdict === null && !newest.withdrawn ? newest : null

/** Why a plan is rejected; the next planning run receives it in full. */
export const RejectReason = trimmedText(4000)

/** Plans rejected in a row after which the issue is parked. */
export const parkAfterRejects = 5
