import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { Questions } from "../dispatching/questions/Questions.ts"
import { conflict, notFound } from "./ErrorResponses.ts"
import { asAdmin } from "./middleware/Authorization.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "questions",
  Effect.fn(function* (handlers) {
    const questions = yield* Questions
    return handlers.handleAll({
      list: () => questions.list,
      answer: asAdmin(({ params, payload }, by) =>
        questions
          .answer(params.id, payload.text, by)
          .pipe(Effect.catchTags({ QuestionNotFound: notFound, QuestionClosed: conflict }))
      )
    })
  })
)
