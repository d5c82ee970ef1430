import * as Schema from "effect/Schema"
import { DispatchId } from "../domain/Ids.ts"
import { Phase } from "../domain/Modes.ts"
import { text } from "../domain/Text.ts"

const commit = Schema.String.check(Schema.isPattern(/^[0-9a-f]{40,64}$/))

export const StageEnding = Schema.Literals([
  "finished",
  "turn_cap",
  "budget_cap",
  "deadline",
  "credential_refused",
  "credential_missing",
  "failed",
  "cancelled",
  "setup_failed",
  "settings_invalid",
  "question_unanswered"
])
export type StageEnding = typeof StageEnding.Type

const lines = Schema.Array(text(2000)).check(Schema.isMaxLength(50))

/** What the agent stage hands on to the publish stage, which believes none of it unchecked. */
export const StageResult = Schema.Struct({
  dispatchId: DispatchId,
  phase: Phase,
  ending: StageEnding,
  message: text(4000),
  /** The commits of the work tree before and after; null without a work tree. */
  base: Schema.NullOr(commit),
  tip: Schema.NullOr(commit),
  text: text(100_000),
  verify: Schema.NullOr(
    Schema.Struct({ command: text(500), passed: Schema.Boolean, message: text(500), lines })
  ),
  /** What the pull request has to say besides. */
  notes: Schema.Array(text(1000)).check(Schema.isMaxLength(50)),
  answers: Schema.Array(Schema.Struct({ question: text(4000), answer: Schema.NullOr(text(10_000)) })).check(
    Schema.isMaxLength(50)
  ),
  usage: Schema.Struct({
    model: Schema.NullOr(text(200)),
    costUsd: Schema.NullOr(Schema.Finite),
    tokens: Schema.Int,
    turns: Schema.Int,
    permissionDenials: Schema.Array(text(300)).check(Schema.isMaxLength(20)),
    sessionId: Schema.NullOr(text(200))
  }),
  lines
})
export type StageResult = typeof StageResult.Type

export const StageResultJson = Schema.fromJsonString(StageResult)

const safe = (value: string, max: number) => value.slice(0, max).toWellFormed().replaceAll("\u0000", "")

/** Fits the texts of an agent into what a result holds. */
export const fitted = (result: StageResult): StageResult => ({
  ...result,
  message: safe(result.message, 4000),
  text: safe(result.text, 100_000),
  verify:
    result.verify === null
      ? null
      : {
          ...result.verify,
          command: safe(result.verify.command, 500),
          message: safe(result.verify.message, 500),
          lines: result.verify.lines.slice(-50).map((line) => safe(line, 2000))
        },
  notes: result.notes.slice(0, 50).map((note) => safe(note, 1000)),
  answers: result.answers.slice(0, 50).map(({ answer, question }) => ({
    question: safe(question, 4000),
    answer: answer === null ? null : safe(answer, 10_000)
  })),
  usage: {
    ...result.usage,
    model: result.usage.model === null ? null : safe(result.usage.model, 200),
    permissionDenials: result.usage.permissionDenials
      .slice(0, 20)
      .map((denial) => safe(denial, 300))
      .filter((denial) => denial !== ""),
    sessionId: result.usage.sessionId === null ? null : safe(result.usage.sessionId, 200)
  },
  lines: result.lines.slice(-50).map((line) => safe(line, 2000))
})
