import * as Schema from "effect/Schema"
import { DispatchId } from "./Ids.ts"
import { Phase, SessionMode } from "./Modes.ts"
import { QuestionOptions, QuestionText } from "./Question.ts"
import { foreignText, someForeignText, Timestamp } from "./Text.ts"

/** A comment that a person wrote on the issue. `author` is null when the tracker names no one. */
export const IssueComment = Schema.Struct({
  author: Schema.NullOr(Schema.String),
  at: Timestamp,
  text: Schema.String
})
export type IssueComment = typeof IssueComment.Type

/** Comments that a run receives: the newest of the issue. */
export const maxContextComments = 50

/**
 * What the claimant of a dispatch needs for its work. Whatever people or an earlier agent wrote is untrusted text:
 * title, description, comments, parent, plan, planFeedback, previousPlan.
 */
export const RunContext = Schema.Struct({
  dispatchId: DispatchId,
  phase: Phase,
  /** Any text: a newer service may know more triggers than the runner. */
  trigger: Schema.String,
  identifier: Schema.String,
  title: Schema.String,
  description: Schema.NullOr(Schema.String),
  url: Schema.String,
  /** Those of people, oldest first. */
  comments: Schema.Array(IssueComment),
  parent: Schema.NullOr(Schema.Struct({ identifier: Schema.String, title: Schema.String })),
  /** The plan to carry out. A plan that a person declared has no text: a sentence says so. */
  plan: Schema.NullOr(Schema.String),
  planFeedback: Schema.NullOr(Schema.String),
  previousPlan: Schema.NullOr(Schema.String),
  repo: Schema.String,
  /** The dispatched ref: workflow, runner and trusted agent configuration come from it. */
  ref: Schema.String,
  /** The branch that the pull request merges into. */
  baseBranch: Schema.String,
  branch: Schema.String,
  /** The open pull request that the run continues. */
  pullRequest: Schema.NullOr(Schema.Struct({ number: Schema.Int, headSha: Schema.String })),
  followUp: Schema.Null,
  sessionMode: SessionMode,
  deadlineAt: Schema.NullOr(Timestamp),
  maxCostUsd: Schema.NullOr(Schema.Finite),
  maxTurns: Schema.NullOr(Schema.Int),
  /** Only for questions of this dispatch; null where no one can be asked. */
  questionsToken: Schema.NullOr(Schema.String)
})
export type RunContext = typeof RunContext.Type

/** A token of the GitHub App for the repository of the dispatch: it may write contents and pull requests. */
export const RepositoryToken = Schema.Struct({ token: Schema.String, expiresAt: Timestamp })
export type RepositoryToken = typeof RepositoryToken.Type

/** The progress of a runner: its current step, and lines of its log, tool calls among them. */
export const Progress = Schema.Struct({
  dispatchId: DispatchId,
  step: Schema.optionalKey(someForeignText(100)),
  lines: Schema.optionalKey(
    Schema.Array(foreignText(2000)).check(Schema.isMaxLength(200, { message: "must hold at most 200 lines" }))
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
