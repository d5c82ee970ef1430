import * as DateTime from "effect/DateTime"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"

const longest = { minutes: 30 }
const margin = { minutes: 5 }

/** Until when a question may be answered: half an hour, but 5 min before the deadline of its run. */
export const expiryOf = (now: DateTime.Utc, deadlineAt: DateTime.Utc | null): DateTime.Utc => {
  const late = DateTime.add(now, longest)
  if (deadlineAt === null) return late
  return DateTime.max(now, DateTime.min(late, DateTime.subtract(deadlineAt, margin)))
}

/** Questions of one dispatch that may be open at a time, and in all. */
const maxOpen = 5
const maxRequests = 50

/** Why a dispatch may not ask, or null. */
export const refusedQuestion = (row: DispatchRow, open: number, asked: number): string | null => {
  if (row.outcome !== null)
    return `The dispatch of ${row.issueIdentifier} has ended (${row.status}). End without work.`
  if (row.stopRequestedAt !== null)
    return `The dispatch of ${row.issueIdentifier} is being stopped. End without work.`
  if (row.sessionMode === "autonomous") {
    return `The dispatch of ${row.issueIdentifier} runs autonomously: nobody is asked. Go on by your own judgement.`
  }
  if (row.status !== "running")
    return `The dispatch of ${row.issueIdentifier} is not running yet. Claim it first.`
  if (open >= maxOpen) return `${open} questions are open already. Wait for their answers.`
  return asked >= maxRequests ? `${asked} questions were asked already. Go on by your own judgement.` : null
}
