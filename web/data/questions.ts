import { QuestionsApi } from "../../src/api/QuestionsApi.ts"
import type { Question } from "../../src/domain/Question.ts"
import { calls } from "./client.ts"

const call = calls(QuestionsApi)

export const listQuestions = (signal?: AbortSignal): Promise<ReadonlyArray<Question>> =>
  call((api) => api.list(), signal)

/** Answers a question; refused when another answer was first. */
export const answerQuestion = (id: string, text: string, signal?: AbortSignal): Promise<Question> =>
  call((api) => api.answer({ params: { id }, payload: { text } }), signal)
