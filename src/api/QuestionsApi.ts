import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { AnswerText, Question, QuestionId } from "../domain/Question.ts"
import { Authorization } from "./Authorization.ts"
import { Conflict, NotFound } from "./Errors.ts"

export class QuestionsApi extends HttpApiGroup.make("questions")
  .add(
    HttpApiEndpoint.get("list", "/questions", { success: Schema.Array(Question) }).annotate(
      OpenApi.Description,
      "What runs have asked, newest first."
    )
  )
  .add(
    HttpApiEndpoint.post("answer", "/questions/:id/answer", {
      params: { id: QuestionId },
      payload: Schema.Struct({ text: AnswerText }),
      success: Question,
      error: [NotFound, Conflict]
    }).annotate(OpenApi.Description, "Answers a question; the first answer stands.")
  )
  .middleware(Authorization)
  .annotate(OpenApi.Description, "Questions of runs to people.") {}
