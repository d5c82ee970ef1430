import * as Equal from "effect/Equal"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import type { Outcome } from "../../domain/Outcome.ts"
import type { Plan } from "../../domain/Plan.ts"
import type { Report } from "../../domain/Report.ts"
import { stoppedOutcome } from "./observe.ts"

/** How a report relates to its dispatch. The first stands, and the same may come again. */
export type CheckedReport =
  | { readonly _tag: "First" }
  | { readonly _tag: "Repeated" }
  | { readonly _tag: "Foreign"; readonly why: string }
  /** After another report, or after the end. */
  | { readonly _tag: "Late"; readonly why: string }

export const checkReport = (row: DispatchRow, report: Report): CheckedReport => {
  if (report.phase !== row.phase) {
    return { _tag: "Foreign", why: `The report is of ${report.phase}, the dispatch of ${row.phase}.` }
  }
  if (row.report !== null) {
    return Equal.equals(row.report, report)
      ? { _tag: "Repeated" }
      : { _tag: "Late", why: "Another report came first and stands. Nothing was changed." }
  }
  return row.outcome === null
    ? { _tag: "First" }
    : { _tag: "Late", why: `The dispatch had ended before (${row.status}). Nothing was changed.` }
}

export type Reported =
  | { readonly _tag: "Ends"; readonly outcome: Outcome; readonly plan?: Plan }
  | { readonly _tag: "EndedWell" }

const failed = (reason: Outcome["reason"], message: string, facts: Outcome["facts"] = {}): Reported => ({
  _tag: "Ends",
  outcome: { kind: "failed", reason, message, facts }
})

const maxSentenceLength = 1500

const sentence = (text: string) =>
  `${text
    .slice(0, maxSentenceLength)
    .toWellFormed()
    .trim()
    .replace(/[.!\s]*$/, "")}.`

/** What a report means for its dispatch. A reported success is verified, and a requested stop takes precedence over a failure. */
export const reported = (row: DispatchRow, report: Report): Reported => {
  const why = report.failure?.message ?? report.gaps ?? ""
  switch (report.outcome) {
    case "delivered":
      if (row.phase === "implementation") return { _tag: "EndedWell" }
      return report.plan === undefined
        ? failed("no_plan", "the run ended well, but its report holds no plan.")
        : {
            _tag: "Ends",
            outcome: { kind: "delivered", reason: "plan", message: "the plan is ready.", facts: {} },
            plan: report.plan
          }
    case "verification_failed":
      return row.phase === "implementation"
        ? { _tag: "EndedWell" }
        : failed("verification_failed", sentence(`the plan did not pass its verification: ${why}`))
    case "no_change":
      return failed(
        "no_change",
        why === ""
          ? "the agent found nothing to change."
          : sentence(`the agent found nothing to change: ${why}`)
      )
    case "question_unanswered":
      return failed("question_unanswered", "no one answered its question in time.")
    case "failed":
      return row.stopRequestedAt === null
        ? failed(
            "run_failed",
            why === "" ? "the agent failed. Its log says why." : sentence(`the agent failed: ${why}`),
            report.failure === undefined ? {} : { failure: report.failure.reason }
          )
        : { _tag: "Ends", outcome: stoppedOutcome(row) }
  }
}
