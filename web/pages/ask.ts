import type { Question } from "../elements/dialog-confirm.ts"

/** Asks in a dialog; answers the text asked for (or ""), or null when the operator goes back. */
export const ask = async (question: Question): Promise<string | null> => {
  await import("../elements/dialog-confirm.ts")
  const dialog = document.createElement("dialog-confirm")
  document.body.append(dialog)
  try {
    return await dialog.ask(question)
  } finally {
    dialog.remove()
  }
}
