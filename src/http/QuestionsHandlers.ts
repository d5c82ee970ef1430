import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { Api } from "../api/Api.ts"
import { CurrentAdmin } from "../api/Authorization.ts"
import { Questions } from "../dispatching/questions/Questions.ts"
import { byTag } from "./middleware/answer.ts"
import { conflict, notFound } from "./middleware/errors.ts"

const refusal = byTag({ QuestionNotFound: notFound, QuestionClosed: conflict })

export const layer = HttpApiBuilder.group(
  Api,
  "questions",
  Effect.fn(function* (handlers) {
    const questions = yield* Questions
    return handlers.handleAll({
      list: () => questions.list,
      answer: Effect.fn(function* ({ params, payload }) {
        return yield* questions.answer(params.id, payload.text, yield* CurrentAdmin)
      }, Effect.catch(refusal))
    })
  })
)
