import * as Effect from "effect/Effect"
import { Mappings } from "../../admin/Mappings.ts"
import { type PlanDocument, planText } from "../../domain/Plan.ts"
import { triggerRules } from "../decision/triggerRules.ts"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import { PlansRepo } from "./PlansRepo.ts"

/** The plan of a run: its text, null where it needs none, or why the run may not start without it. */
export type PlanOfRun =
  | { readonly _tag: "Text"; readonly text: string | null }
  | { readonly _tag: "Missing"; readonly why: string }

const declared =
  "A person declared the plan of this issue by a label, so it has no text. The description and the comments of the issue may contain it."

const unplanned =
  "Planning is enabled, but no plan counts for this pull request: it was opened without one, or its plan was withdrawn or rejected."

/** `documents`: those of the row's plan; null where there is no such plan. */
export const planOfRun = (
  row: Pick<DispatchRow, "issueIdentifier" | "phase" | "planId" | "trigger">,
  documents: ReadonlyArray<PlanDocument> | null,
  planningEnabled: boolean
): PlanOfRun => {
  if (row.phase === "planning") return { _tag: "Text", text: null }
  if (row.planId !== null) {
    return documents === null
      ? {
          _tag: "Missing",
          why: `The plan of ${row.issueIdentifier} no longer exists. Nothing was started; dispatch the issue again.`
        }
      : { _tag: "Text", text: planText(documents) ?? declared }
  }
  if (!planningEnabled) return { _tag: "Text", text: null }
  return triggerRules[row.trigger].planApproval
    ? {
        _tag: "Missing",
        why: `Planning is enabled for ${row.issueIdentifier}, and this dispatch has no plan. Nothing was started; dispatch the issue again.`
      }
    : { _tag: "Text", text: unplanned }
}

/** Reads the plan that a dispatch carries out. */
export const planFor = Effect.fn("Plans.planFor")(function* (
  row: DispatchRow
): Effect.fn.Return<PlanOfRun, never, PlansRepo | Mappings> {
  const plans = yield* PlansRepo
  const mappings = yield* Mappings
  const documents = row.planId === null ? null : yield* plans.documents(row.planId)
  const planningEnabled = yield* mappings.get(row.teamKey).pipe(
    Effect.map(({ planningEnabled }) => planningEnabled),
    Effect.orElseSucceed(() => false)
  )
  return planOfRun(row, documents, planningEnabled)
})
