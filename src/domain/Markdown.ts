import { plainText } from "./Text.ts"

// What a renderer makes a link of: an address with a scheme, or a name with a dot and what follows it.
const address =
  /(?<![\p{L}\p{N}_-])(?:[a-z][a-z\d+.-]*:\/\/|mailto:)[^\s`]+|(?<![\p{L}\p{N}_-])[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.\p{L}{2,}(?:[/:?#][^\s`]*)?/giu

const escapeWords = (text: string) =>
  text
    .replace(/[\\`*[\]<~|&@]/g, String.raw`\$&`)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)

const escapeWithin = (line: string) => {
  const parts: Array<string> = []
  let from = 0
  for (const { 0: found, index } of line.matchAll(address)) {
    parts.push(escapeWords(line.slice(from, index)), `\`${found}\``)
    from = index + found.length
  }
  return [...parts, escapeWords(line.slice(from))].join("")
}

const escapeStart = (line: string) =>
  line.replace(/^[#>=+-]/, String.raw`\$&`).replace(/^(\d{1,9})([.)])/, String.raw`$1\$2`)

/** Text for a Markdown document that shows as it is written: no link, image, mention, heading, list or HTML comes of it. */
export const escapeMarkdown = (text: string) =>
  plainText(text)
    .split("\n")
    .map((line) => escapeStart(escapeWithin(line.trimStart())))
    .join("\n")

export const quoteMarkdown = (text: string) =>
  escapeMarkdown(text.trim())
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n")

const encoded = (character: string) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`

/** A link whose address cannot end early; the label is Markdown. */
export const markdownLink = (label: string, url: string) =>
  `[${label}](${url.replace(/[()<>\\ \t\n\r]/g, encoded)})`
