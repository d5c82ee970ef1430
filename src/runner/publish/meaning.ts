import type { Report } from "../../domain/Report.ts"
import type { StageEnding, StageResult } from "../result.ts"

type Failure = NonNullable<Report["failure"]>

/** What a result leads to: a push, or a report alone. */
export type Meaning =
  | { readonly _tag: "Push"; readonly outcome: "delivered" | "verification_failed"; readonly draft: boolean }
  | { readonly _tag: "Plan" }
  | { readonly _tag: "NoChange" }
  | { readonly _tag: "Unanswered" }
  | { readonly _tag: "Failed"; readonly failure: Failure }

const failed = (reason: string, message: string, lines: ReadonlyArray<string> = []): Meaning => ({
  _tag: "Failed",
  failure: { reason, message: message === "" ? reason : message, lines }
})

export const noResult = {
  reason: "no_result",
  message: "The agent's job left no result: it was stopped, or its machine was lost."
}

const isCap = (ending: StageEnding) =>
  ending === "turn_cap" || ending === "budget_cap" || ending === "deadline"

/** Caps keep the work as a draft; every other early end pushes nothing. */
export const meaningOf = (result: StageResult): Meaning => {
  const { base, ending, lines, message, phase, tip, verify } = result
  if (ending === "question_unanswered") return { _tag: "Unanswered" }
  const capped = isCap(ending)
  if (ending !== "finished" && !(capped && phase === "implementation")) {
    return failed(ending === "failed" ? "agent_failed" : ending, message, lines)
  }
  if (phase === "planning") return { _tag: "Plan" }
  if (tip === null || tip === base) {
    return capped ? failed(ending, `${message} It had changed nothing yet.`, lines) : { _tag: "NoChange" }
  }
  const passed = verify?.passed ?? true
  return {
    _tag: "Push",
    outcome: passed ? "delivered" : "verification_failed",
    draft: capped || !passed
  }
}
