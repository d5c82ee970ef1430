import * as Schema from "effect/Schema"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import { DispatchId } from "../domain/Ids.ts"
import { Phase, SessionMode } from "../domain/Modes.ts"
import { QuestionId, QuestionOptions, QuestionText } from "../domain/Question.ts"
import { Report } from "../domain/Report.ts"
import { someText, text, Timestamp } from "../domain/Text.ts"
import { SchemaErrors } from "./Authorization.ts"
import { Conflict, NotFound, Unauthorized, UpstreamRefused, UpstreamUnavailable } from "./Errors.ts"

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
  /** Good for asking questions of this dispatch and nothing else; null where nobody is to be asked. */
  questionsToken: Schema.NullOr(Schema.String)
})
export type RunContext = typeof RunContext.Type

/** What the runner reports as it goes: the step it is at, and lines of its log. */
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

const wait = Schema.FiniteFromString.check(
  Schema.isInt({ message: "must be a whole number" }),
  Schema.isBetween({ minimum: 0, maximum: 60 }, { message: "must be between 0 and 60 seconds" })
)

const accepted = Schema.Struct({ accepted: Schema.Literal(true) })
const dispatchErrors = [Unauthorized, NotFound, Conflict, UpstreamRefused, UpstreamUnavailable] as const

export class RunnerGroup extends HttpApiGroup.make("runner")
  .add(
    HttpApiEndpoint.post("claim", "/claim", {
      payload: Schema.Struct({ dispatchId: DispatchId }),
      success: RunContext,
      error: dispatchErrors
    })
  )
  .add(
    HttpApiEndpoint.post("report", "/report", { payload: Report, success: accepted, error: dispatchErrors })
  )
  .add(
    HttpApiEndpoint.post("progress", "/progress", {
      payload: Progress,
      success: accepted,
      error: dispatchErrors
    })
  ) {}

/** What a run asks people, and what they answer. */
export class AskingGroup extends HttpApiGroup.make("asking")
  .add(
    HttpApiEndpoint.post("ask", "/questions", {
      payload: Ask,
      success: Schema.Struct({ id: QuestionId, expiresAt: Timestamp }).pipe(HttpApiSchema.status(201)),
      error: dispatchErrors
    })
  )
  .add(
    HttpApiEndpoint.get("question", "/questions/:id", {
      params: { id: QuestionId },
      query: { wait: Schema.optionalKey(wait) },
      success: QuestionState,
      error: dispatchErrors
    })
  ) {}

/** What people ask of us under a pull request, where no webhook tells it. */
export class CommentGroup extends HttpApiGroup.make("comment").add(
  HttpApiEndpoint.post("comment", "/comment", {
    payload: Schema.Struct({
      number: Schema.Int.check(
        Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }, { message: "must be a pull request's number" })
      ),
      commentId: Schema.Int.check(Schema.isGreaterThan(0, { message: "must be a comment's id" }))
    }),
    success: accepted.pipe(HttpApiSchema.status(202)),
    error: [Unauthorized, NotFound, UpstreamRefused, UpstreamUnavailable]
  })
) {}

/**
 * What runs the agent calls, with `Authorization: Bearer` and the job's OIDC token, or a machine's own token.
 * Outside `/api`: no operator is signed in here.
 */
export class RunnerApi extends HttpApi.make("ai-implement-runner")
  .add(RunnerGroup)
  .add(CommentGroup)
  .add(AskingGroup)
  .middleware(SchemaErrors)
  .prefix("/runner")
  .annotate(HttpApi.ParseOptions, { errors: "all", onExcessProperty: "error" })
  .annotate(HttpApi.HeadersParseOptions, { errors: "all" }) {}
