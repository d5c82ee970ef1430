import { labels, hasLabel } from "../../domain/Labels.ts"
import type { PlanVerdict } from "../../domain/Plan.ts"

/** The newest plan of an issue, and what was known of its labels. */
export interface KnownPlan {
  readonly id: string
  readonly verdict: PlanVerdict | null
  readonly withdrawn: boolean
  /** `Plan-Complete` was on the issue when its labels were last known. */
  readonly labelled: boolean
  /** `Plan-Approved` is there from before the plan. */
  readonly approvalIgnored: boolean
}

export type LabelChange =
  /** A person added `Plan-Complete`: a declared plan. */
  | { readonly _tag: "Declared"; readonly approved: boolean }
  /** A person removed `Plan-Complete`: a new plan is needed. */
  | { readonly _tag: "Withdrawn" }
  | { readonly _tag: "Approved" }
  | { readonly _tag: "Noted"; readonly labelled: boolean; readonly approvalIgnored: boolean }

/** What the labels of an issue without an unsettled dispatch say about its newest plan; null: nothing new. */
export const follow = (plan: KnownPlan | null, names: ReadonlyArray<string>): LabelChange | null => {
  const labelled = hasLabel(names, labels.planComplete)
  const approved = hasLabel(names, labels.planApproved)
  const counts = plan !== null && !plan.withdrawn && plan.verdict !== "rejected"
  if (!counts && labelled && plan?.labelled !== true) return { _tag: "Declared", approved }
  if (plan === null) return null
  if (counts && plan.labelled && !labelled) return { _tag: "Withdrawn" }
  if (counts && plan.verdict === null && approved && !plan.approvalIgnored) return { _tag: "Approved" }
  const approvalIgnored = plan.approvalIgnored && approved
  return labelled === plan.labelled && approvalIgnored === plan.approvalIgnored
    ? null
    : { _tag: "Noted", labelled, approvalIgnored }
}
