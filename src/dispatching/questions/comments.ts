import * as DateTime from "effect/DateTime"
import { escapeMarkdown, markdownLink, quoteMarkdown } from "../../domain/Markdown.ts"
import type { SessionMode } from "../../domain/Modes.ts"
import type { Question } from "../../domain/Question.ts"

type AskedQuestion = Question & { readonly sessionMode: SessionMode }

const minute = (at: DateTime.Utc) => `${DateTime.formatIso(at).slice(0, 16).replace("T", " ")} UTC`

const withoutAnswer = {
  interactive: "the run is stopped",
  hybrid: "the agent continues on its own judgement",
  autonomous: "the agent continues on its own judgement"
} as const

export const askedComment = (question: AskedQuestion, publicUrl: string | null) => {
  const options = question.options
    .map((option) => `\n- ${escapeMarkdown(option.replaceAll(/\s+/g, " "))}`)
    .join("")
  const page =
    publicUrl === null
      ? ""
      : `, or in ${markdownLink("the admin", `${publicUrl}/admin/dispatches/${question.dispatchId}`)}`
  return `**The agent asks:**\n\n${quoteMarkdown(question.text)}${
    options === "" ? "" : `\n\nIt suggests:${options}`
  }\n\nAnswer in a reply to this comment${page}, until ${minute(question.expiresAt)}. Without an answer, ${withoutAnswer[question.sessionMode]}.`
}

/** The reply that closes a question; null when the answer is already in the thread. */
export const closingComment = ({
  answer,
  closedAt,
  expiresAt,
  sessionMode
}: AskedQuestion): string | null => {
  if (answer !== null) {
    return answer.via === "comment"
      ? null
      : `${escapeMarkdown(answer.by)} answered in the admin:\n\n${quoteMarkdown(answer.text)}`
  }
  return closedAt !== null && DateTime.isGreaterThanOrEqualTo(closedAt, expiresAt)
    ? `No one answered in time: ${withoutAnswer[sessionMode]}.`
    : "The run has ended; this question is closed."
}
