import * as Schema from "effect/Schema"
import { DispatchId, StoredIssueId } from "./Ids.ts"
import { someForeignText, Timestamp, trimmedText } from "./Text.ts"

export const QuestionId = Schema.String.check(
  Schema.isUUID(undefined, { message: "must be a question id (UUID)" })
)
export type QuestionId = typeof QuestionId.Type

export const QuestionText = someForeignText(4000)
export const AnswerText = trimmedText(10_000)
export const QuestionOptions = Schema.Array(someForeignText(200)).check(
  Schema.isMaxLength(10, { message: "must hold at most ten options" })
)

/** A question of a run to a person, and its first answer. Closed: answered, expired, or its dispatch has ended. */
export const Question = Schema.Struct({
  id: QuestionId,
  dispatchId: DispatchId,
  issueId: StoredIssueId,
  issueIdentifier: Schema.String,
  text: Schema.String,
  options: Schema.Array(Schema.String),
  askedAt: Timestamp,
  expiresAt: Timestamp,
  answer: Schema.NullOr(
    Schema.Struct({
      text: Schema.String,
      by: Schema.String,
      via: Schema.Literals(["comment", "api"]),
      at: Schema.DateTimeUtcFromString
    })
  ),
  closedAt: Schema.NullOr(Timestamp)
})
export type Question = typeof Question.Type
