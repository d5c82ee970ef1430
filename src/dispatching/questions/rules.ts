import * as DateTime from "effect/DateTime"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"

const maxAnswerTime = { minutes: 30 }
const deadlineMargin = { minutes: 5 }

/** A question expires after 30 min, or 5 min before the deadline of its run. */
export const expiryOf = (now: DateTime.Utc, deadlineAt: DateTime.Utc | null): DateTime.Utc => {
  const latest = DateTime.add(now, maxAnswerTime)
  if (deadlineAt === null) return latest
  return DateTime.max(now, DateTime.min(latest, DateTime.subtract(deadlineAt, deadlineMargin)))
}

const maxOpenQuestions = 5
const maxQuestions = 50

export const refusedQuestion = (row: DispatchRow, open: number, total: number): string | null => {
  if (row.outcome !== null)
    return `The dispatch of ${row.issueIdentifier} has ended (${row.status}). End without work.`
  if (row.stopRequestedAt !== null)
    return `The dispatch of ${row.issueIdentifier} is being stopped. End without work.`
  if (row.sessionMode === "autonomous") {
    return `The dispatch of ${row.issueIdentifier} runs autonomously and asks no questions. Continue on your own judgement.`
  }
  if (row.status !== "running")
    return `The dispatch of ${row.issueIdentifier} is not running yet. Claim it first.`
  if (open >= maxOpenQuestions) return `${open} questions are already open. Wait for their answers.`
  return total >= maxQuestions
    ? `${total} questions were already asked. Continue on your own judgement.`
    : null
}
