import { labels } from "../../domain/Labels.ts"
import type { FailureState } from "../../domain/Failures.ts"
import { escapeMarkdown, markdownLink } from "../../domain/Markdown.ts"
import type { Outcome } from "../../domain/Outcome.ts"
import type { PlanDocument } from "../../domain/Plan.ts"
import type { PullRequest } from "../../domain/Dispatch.ts"
import { plainText } from "../../domain/Text.ts"
import { type DispatchRow, placeOf } from "./DispatchRow.ts"

const planParts = ["plan_1", "plan_2", "plan_3"] as const

export type SettlementEffect =
  | { readonly effect: "labels"; readonly add: ReadonlyArray<string>; readonly remove: ReadonlyArray<string> }
  | {
      readonly effect: "comment" | "parked_comment" | (typeof planParts)[number]
      readonly text: string
    }
  | { readonly effect: "machine" }

const runLink = (row: DispatchRow) =>
  row.run === null ? "" : `\n\n${markdownLink("Open the run", row.run.url)}`

// Lines of a log, fenced so that none of them closes the fence.
const quoted = (lines: ReadonlyArray<string>) => {
  if (lines.length === 0) return ""
  const shown = lines.map((line) => plainText(line.slice(0, 300)))
  const maxTicks = Math.max(
    2,
    ...shown.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length)
  )
  const fence = "`".repeat(maxTicks + 1)
  return `\n\nThe last lines of its log:\n\n${fence}\n${shown.join("\n")}\n${fence}`
}

const commentOf = (
  row: DispatchRow,
  outcome: Outcome,
  pullRequest: PullRequest | null,
  lines: ReadonlyArray<string>
): string | null => {
  // It may hold what the agent says.
  const message = escapeMarkdown(outcome.message)
  switch (outcome.kind) {
    case "delivered":
      return pullRequest === null
        ? `AI-Implement finished: ${message}${runLink(row)}`
        : `AI-Implement opened pull request ${markdownLink(`#${pullRequest.number}`, pullRequest.url)}; it ${pullRequest.state === "merged" ? "was merged already" : "is ready for review"}.${runLink(row)}`
    case "failed":
    case "lost":
      return `AI-Implement did not deliver: ${message}${
        pullRequest === null
          ? ""
          : `\n\nPull request ${markdownLink(`#${pullRequest.number}`, pullRequest.url)}`
      }${runLink(row)}${quoted(lines)}`
    case "timed_out":
      return `AI-Implement ran out of time: ${message}${runLink(row)}${quoted(lines)}`
    case "cancelled":
      return outcome.reason === "operator" || outcome.reason === "run_cancelled"
        ? `AI-Implement was stopped: ${message}${runLink(row)}`
        : null
  }
}

const planComments = (row: DispatchRow, plan: ReadonlyArray<PlanDocument>) => {
  const parts = Math.min(plan.length, planParts.length)
  return planParts.slice(0, parts).map((effect, index) => {
    const { title = "", markdown = "" } = plan[index] ?? {}
    const next = `\n\n---\nWhere plans need approval, add \`${labels.planApproved}\` to this issue. To request a new plan, remove \`${labels.planComplete}\`.${runLink(row)}`
    return {
      effect,
      text: `**Plan ${index + 1} of ${parts}: ${escapeMarkdown(title)}**\n\n_An agent wrote the text below._\n\n${markdown}${index + 1 === parts ? next : ""}`
    }
  })
}

/** The settlement steps of an end; `lines` are the last of its log. A dispatch that was never launched posts nothing. */
export const settlementEffects = (
  row: DispatchRow,
  outcome: Outcome,
  pullRequest: PullRequest | null,
  failureState: FailureState | null,
  plan: ReadonlyArray<PlanDocument> = [],
  lines: ReadonlyArray<string> = []
): ReadonlyArray<SettlementEffect> => {
  const effects: Array<SettlementEffect> = []
  const gone = outcome.reason === "issue_deleted"
  if (row.launchAttempt > 0 && !gone) {
    const planning = row.phase === "planning"
    const delivered = outcome.kind === "delivered"
    effects.push(...planComments(row, plan), {
      effect: "labels",
      add:
        !delivered || pullRequest?.state === "merged"
          ? []
          : [planning ? labels.planComplete : labels.readyForReview],
      remove: planning ? [labels.planning] : [labels.working, labels.planApproved]
    })
    const text = planning && delivered ? null : commentOf(row, outcome, pullRequest, lines)
    if (text !== null) effects.push({ effect: "comment", text })
  }
  if (row.launchAttempt > 0 && placeOf(row).kind === "fly") effects.push({ effect: "machine" })
  if (failureState !== null && failureState.parkedAt !== null && outcome.kind !== "cancelled" && !gone) {
    effects.push({
      effect: "parked_comment",
      text: `AI-Implement leaves this issue alone after ${failureState.failures} failed ${
        failureState.failures === 1 ? "attempt" : "attempts"
      }: ${escapeMarkdown(failureState.last ?? outcome.message)}\n\nTo try again, un-park it in the admin, or dispatch it from there.`
    })
  }
  return effects
}
