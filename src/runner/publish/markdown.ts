const joiner = "\u2060"

/**
 * Text of an agent or a person for a pull request: keeps simple Markdown, and loses what acts on others: HTML,
 * images, mentions, references to issues, closing keywords.
 */
export const harmless = (text: string, max = 20_000) =>
  (text.length > max ? `${text.slice(0, max)}\n\n[cut]` : text)
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, "")
    .replaceAll("<", "&lt;")
    .replace(/!\[/g, "!\\[")
    .replace(/(^|[^\w`])@(?=[\w-])/g, `$1@${joiner}`)
    .replace(/#(?=\d)/g, `#${joiner}`)
    .replace(/\bGH-(?=\d)/gi, (found) => `${found}${joiner}`)
    .replace(
      /\b(fix|fixe[sd]|close[sd]?|resolve[sd]?|implement(?:s|ed)?|complete[sd]?)(?=:?\s)/gi,
      (found) => `${found[0] ?? ""}${joiner}${found.slice(1)}`
    )
    .replace(/\b(?:javascript|data|vbscript):/gi, (found) => found.replace(":", `${joiner}:`))

/** A quotation: whatever is left open inside ends with it. */
export const quoted = (text: string, max?: number) =>
  harmless(text, max)
    .split("\n")
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n")

/** One line of text that is not ours, such as a title. */
export const line = (text: string, max = 200) => {
  const flat = text.replace(/\s+/g, " ").trim()
  const short = flat.length > max ? `${flat.slice(0, max - 1)}…` : flat
  return short.toWellFormed()
}
