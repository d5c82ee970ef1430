import * as Schema from "effect/Schema"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import { DispatchId } from "../domain/Ids.ts"
import { QuestionId } from "../domain/Question.ts"
import { Report } from "../domain/Report.ts"
import { Ask, Progress, QuestionState, RepositoryToken, RunContext } from "../domain/RunnerMessages.ts"
import { Timestamp } from "../domain/Text.ts"
import { SchemaErrors } from "./Authorization.ts"
import {
  Conflict,
  NotFound,
  TooManyCalls,
  Unauthorized,
  UpstreamRefused,
  UpstreamUnavailable
} from "./Errors.ts"

const wait = Schema.FiniteFromString.check(
  Schema.isInt({ message: "must be a whole number" }),
  Schema.isBetween({ minimum: 0, maximum: 60 }, { message: "must be between 0 and 60 seconds" })
)

const accepted = Schema.Struct({ accepted: Schema.Literal(true) })
const dispatchErrors = [
  Unauthorized,
  NotFound,
  Conflict,
  TooManyCalls,
  UpstreamRefused,
  UpstreamUnavailable
] as const

class RunnerGroup extends HttpApiGroup.make("runner")
  .add(
    HttpApiEndpoint.post("claim", "/claim", {
      payload: Schema.Struct({ dispatchId: DispatchId }),
      success: RunContext,
      error: dispatchErrors
    })
  )
  .add(
    HttpApiEndpoint.post("token", "/token", {
      payload: Schema.Struct({ dispatchId: DispatchId }),
      success: RepositoryToken,
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

class AskingGroup extends HttpApiGroup.make("asking")
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

class CommentGroup extends HttpApiGroup.make("comment").add(
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
  .annotate(HttpApi.HeadersParseOptions, { errors: "all" })
  // A runner ignores fields that it does not know.
  .annotate(HttpApi.SuccessParseOptions, { errors: "all" })
  .annotate(HttpApi.ErrorParseOptions, { errors: "all" }) {}
