import { html } from "lit"
import type { Question } from "../../../src/domain/Question.ts"
import { draftStorage } from "../../data/draftStorage.ts"
import { answerQuestion } from "../../data/questions.ts"
import { RunQuestion } from "../../elements/run-question.ts"
import "../../elements/run-question.ts"
import { words } from "../../strings/questions.ts"
import { perform } from "../actions/perform.ts"

/** A question with its answer, or the form for one, whose text is stored until it is sent. */
export const questionForm = (host: EventTarget, question: Question, changed: () => void) => {
  const keep = `answer ${question.id}`
  const answer = async (text: string) => {
    const sent = await perform(
      host,
      () => answerQuestion(question.id, text),
      () => words.sent
    )
    if (sent) draftStorage.drop(keep)
    changed()
  }
  return html`<run-question
    .question=${question}
    .text=${draftStorage.get<string>(keep) ?? ""}
    .answer=${answer}
    @input=${({ currentTarget }: Event) => {
      if (currentTarget instanceof RunQuestion) draftStorage.set(keep, currentTarget.text)
    }}
  ></run-question>`
}
