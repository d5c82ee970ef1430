import * as Schema from "effect/Schema"
import { DispatchId } from "./Ids.ts"
import { Phase, SessionMode } from "./Modes.ts"
import { QuestionOptions, QuestionText } from "./Question.ts"
import { someText, text, Timestamp } from "./Text.ts"

/** What the claimant of a dispatch needs for its work. */
export const RunContext = Schema.Struct({
  identifier: Schema.String,
  title: Schema.String,
  description: Schema.NullOr(Schema.String),
  url: Schema.String,
  phase: Phase,
  repo: Schema.String,
  ref: Schema.String,
  branch: Schema.String,
  sessionMode: SessionMode,
  prNumber: Schema.NullOr(Schema.Int),
  planFeedback: Schema.NullOr(Schema.String),
  previousPlan: Schema.NullOr(Schema.String),
  deadlineAt: Schema.NullOr(Timestamp),
  /** Only for questions of this dispatch; null where no one can be asked. */
  questionsToken: Schema.NullOr(Schema.String)
})
export type RunContext = typeof RunContext.Type

/** The progress of a runner: its current step, and lines of its log. */
export const Progress = Schema.Struct({
  dispatchId: DispatchId,
  step: Schema.optionalKey(someText(100)),
  lines: Schema.optionalKey(
    Schema.Array(text(2000)).check(Schema.isMaxLength(200, { message: "must hold at most 200 lines" }))
  )
})

export type Progress = typeof Progress.Type

export const Ask = Schema.Struct({
  dispatchId: DispatchId,
  text: QuestionText,
  options: Schema.optionalKey(QuestionOptions)
})

export type Ask = typeof Ask.Type

/** `open` after `wait` seconds without an answer: ask again. */
export const QuestionState = Schema.Struct({
  state: Schema.Literals(["open", "answered", "unanswered"]),
  answer: Schema.NullOr(Schema.String),
  expiresAt: Timestamp
})

export type QuestionState = typeof QuestionState.Type
