import { kept } from "../data/kept.ts"
import { session } from "../data/session.ts"
import type { Question } from "../elements/dialog-confirm.ts"
import { perform } from "./perform.ts"

/** Asks in a dialog; answers the text asked for (or ""), or null when the operator goes back. */
export const ask = async (question: Question, keep?: string): Promise<string | null> => {
  await import("../elements/dialog-confirm.ts")
  const dialog = document.createElement("dialog-confirm")
  const close = () => {
    if (session.current === null) dialog.close()
  }
  const typed = () => {
    if (keep !== undefined) kept.set(keep, dialog.text)
  }
  session.addEventListener("change", close)
  dialog.addEventListener("input", typed)
  if (keep !== undefined) dialog.text = kept.get<string>(keep) ?? ""
  document.body.append(dialog)
  try {
    return await dialog.ask(question)
  } finally {
    session.removeEventListener("change", close)
    dialog.remove()
  }
}

/** Asks, does it, and says how it went; what was typed is kept under `keep` until it is done. */
export const confirm = async <A>(
  host: EventTarget,
  question: Question & { readonly keep?: string },
  action: (text: string) => Promise<A>,
  done: (value: A) => string
) => {
  const text = await ask(question, question.keep)
  if (text === null) return false
  const succeeded = await perform(host, () => action(text), done)
  if (succeeded && question.keep !== undefined) kept.drop(question.keep)
  return succeeded
}
