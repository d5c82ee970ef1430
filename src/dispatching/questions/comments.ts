import * as DateTime from "effect/DateTime"
import type { SessionMode } from "../../domain/Modes.ts"
import type { Question } from "../../domain/Question.ts"

type Said = Question & { readonly sessionMode: SessionMode }

const quoted = (text: string) =>
  text
    .trim()
    .split(/\r?\n/)
    .map((line) => `> ${line}`)
    .join("\n")

const minute = (at: DateTime.Utc) => `${DateTime.formatIso(at).slice(0, 16).replace("T", " ")} UTC`

const otherwise = {
  interactive: "the run is stopped",
  hybrid: "the agent goes on by its own judgement",
  autonomous: "the agent goes on by its own judgement"
} as const

/** What the issue is told when its run asks. */
export const askedComment = (question: Said, publicUrl: string | null) => {
  const options = question.options.map((option) => `\n- ${option.replaceAll(/\s+/g, " ")}`).join("")
  const page =
    publicUrl === null ? "" : `, or in [the admin](${publicUrl}/admin/dispatches/${question.dispatchId})`
  return `**The agent asks:**\n\n${quoted(question.text)}${
    options === "" ? "" : `\n\nIt suggests:${options}`
  }\n\nAnswer in a reply to this comment${page}, until ${minute(question.expiresAt)}. Without an answer ${otherwise[question.sessionMode]}.`
}

/** What its thread is told when a question closes; nothing when the answer stands there already. */
export const closingComment = ({ answer, closedAt, expiresAt, sessionMode }: Said): string | null => {
  if (answer !== null) {
    return answer.via === "comment" ? null : `${answer.by} answered in the admin:\n\n${quoted(answer.text)}`
  }
  return closedAt !== null && DateTime.isGreaterThanOrEqualTo(closedAt, expiresAt)
    ? `Nobody answered in time: ${otherwise[sessionMode]}.`
    : "The run has ended; this question is closed."
}
