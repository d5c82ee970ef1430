const maxLength = 2000
const placeholder = /\{value\}|\{number\}/g

const toPattern = (phrase: string) =>
  new RegExp(
    phrase
      .replaceAll(/[.*+?^$()[\]\\|]/g, String.raw`\$&`)
      .replaceAll("{value}", "([^\\s\"'`,;()]+)")
      .replaceAll("{number}", String.raw`(\d{1,9})`),
    "i"
  )

/**
 * Finds the first of the known phrases in a vendor's message and repeats the phrase, not the message.
 * `{number}` stands for up to nine digits. `{value}` is shown only when it is one of `own`, neither when it is in `given`.
 */
export const makePhrases = (phrases: ReadonlyArray<string>) => {
  const known = phrases.map((phrase) => ({ phrase, pattern: toPattern(phrase) }))
  return (text: string, own: ReadonlyArray<string>, given: ReadonlyArray<string> = []): string | null => {
    const head = text.slice(0, maxLength)
    for (const { pattern, phrase } of known) {
      const values = pattern.exec(head)?.slice(1)
      if (values === undefined) continue
      return phrase.replaceAll(placeholder, (kind) => {
        const value = values.shift()?.replace(/[.:]+$/, "") ?? ""
        const shown = (kind === "{number}" || own.includes(value)) && !given.includes(value)
        return shown ? value : "…"
      })
    }
    return null
  }
}
