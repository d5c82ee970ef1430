import type { PlanDocument } from "../../domain/Plan.ts"

const maxDocuments = 3
const maxDocumentLength = 20_000

interface Section {
  readonly title: string
  readonly body: string
}

const fenceLine = /^\s{0,3}(```|~~~)/

/** Splits at headings of one level, outside fenced code. */
const split = (text: string, heading: RegExp): ReadonlyArray<Section> => {
  const sections: Array<{ title: string; lines: Array<string> }> = []
  let fenced = false
  for (const line of text.split("\n")) {
    if (fenceLine.test(line)) fenced = !fenced
    const title = fenced ? undefined : heading.exec(line)?.[1]?.trim()
    if (title !== undefined && title !== "") sections.push({ title, lines: [] })
    else sections.at(-1)?.lines.push(line)
  }
  return sections.map(({ lines, title }) => ({ title, body: lines.join("\n").trim() }))
}

/** The documents of a plan; a text without headings is one document. */
export const planOf = (text: string): ReadonlyArray<PlanDocument> => {
  const trimmed = text.trim()
  if (trimmed === "") return []
  const found = split(trimmed, /^#\s+(.+?)\s*#*$/).filter(({ body }) => body !== "")
  const documents = found.length === 0 ? [{ title: "Plan", body: trimmed }] : found
  return documents.slice(0, maxDocuments).map(({ body, title }) => ({
    title: title.slice(0, 200).toWellFormed(),
    markdown: body.slice(0, maxDocumentLength).toWellFormed()
  }))
}

export interface Said {
  readonly done: string
  readonly verified: string
  readonly gaps: string
}

/** The three sections of the agent's last message; without them all of it is what was done. */
export const saidOf = (text: string): Said => {
  const sections = split(text, /^#{1,3}\s+(.+?)\s*#*$/)
  const find = (pattern: RegExp) => sections.find(({ title }) => pattern.test(title))?.body ?? ""
  const said = {
    done: find(/^what (was|is) done|^summary/i),
    verified: find(/verified|verification|tested/i),
    gaps: find(/^gaps?\b/i)
  }
  return said.done + said.verified + said.gaps === "" ? { ...said, done: text.trim() } : said
}

const nothing = /^[\s*_\-.]*(none|no gaps|nothing|n\/a)?[\s*_\-.]*$/i

export const isNothing = (text: string) => nothing.test(text)
