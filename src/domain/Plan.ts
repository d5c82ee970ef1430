import * as Schema from "effect/Schema"
import { someForeignText, trimmedText } from "./Text.ts"

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

/** Why a plan is rejected; the next planning run receives it in full. */
export const RejectReason = trimmedText(4000)

/** Plans rejected in a row after which the issue is parked. */
export const parkAfterRejects = 5
