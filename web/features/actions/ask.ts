import { draftStorage } from "../../data/draftStorage.ts"
import { session } from "../../data/session.ts"
import type { Question } from "../../elements/dialog-confirm.ts"
import { perform } from "./perform.ts"

interface Answer {
  readonly text: string
  readonly chosen: boolean
}

/** Asks in a dialog; answers the text asked for (or "") and the choice, or null when the operator goes back. */
export const ask = async (question: Question, keep?: string): Promise<Answer | null> => {
  await import("../../elements/dialog-confirm.ts")
  const dialog = document.createElement("dialog-confirm")
  const close = () => {
    if (session.current === null) dialog.close()
  }
  const typed = () => {
    if (keep !== undefined) draftStorage.set(keep, dialog.text)
  }
  session.addEventListener("change", close)
  dialog.addEventListener("input", typed)
  if (keep !== undefined) dialog.text = draftStorage.get<string>(keep) ?? ""
  document.body.append(dialog)
  try {
    const text = await dialog.ask(question)
    return text === null ? null : { text, chosen: dialog.chosen }
  } finally {
    session.removeEventListener("change", close)
    dialog.remove()
  }
}

/** Asks, runs the action and reports its result; the input is stored under `keep` until it succeeds. */
export const confirm = async <A>(
  host: EventTarget,
  question: Question & { readonly keep?: string },
  action: (text: string, chosen: boolean) => Promise<A>,
  done: (value: A) => string
) => {
  const answer = await ask(question, question.keep)
  if (answer === null) return false
  const succeeded = await perform(host, () => action(answer.text, answer.chosen), done)
  if (succeeded && question.keep !== undefined) draftStorage.drop(question.keep)
  return succeeded
}
