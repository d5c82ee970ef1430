export type Inline =
  | { readonly kind: "text" | "code" | "strong" | "em"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly url: string }

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly inline: ReadonlyArray<Inline> }
  | { readonly kind: "paragraph" | "quote"; readonly inline: ReadonlyArray<Inline> }
  | { readonly kind: "code"; readonly text: string }
  | {
      readonly kind: "list"
      readonly ordered: boolean
      readonly items: ReadonlyArray<{ readonly depth: number; readonly inline: ReadonlyArray<Inline> }>
    }
  | { readonly kind: "table"; readonly rows: ReadonlyArray<ReadonlyArray<ReadonlyArray<Inline>>> }
  | { readonly kind: "rule" }

const pattern =
  /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|!?\[([^\]]*)\]\((https?:\/\/[^\s)]+)\)|(https?:\/\/[^\s<>)]+)/g

/** Text with code, emphasis and links; only `http` and `https` addresses become links, and no image is loaded. */
export const inlineOf = (text: string): ReadonlyArray<Inline> => {
  const parts: Array<Inline> = []
  let from = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) parts.push({ kind: "text", text: text.slice(from, match.index) })
    const [whole, code, strong, strongToo, em, label, url, bare] = match
    if (code !== undefined) parts.push({ kind: "code", text: code })
    else if (strong !== undefined || strongToo !== undefined) {
      parts.push({ kind: "strong", text: strong ?? strongToo ?? "" })
    } else if (em !== undefined) parts.push({ kind: "em", text: em })
    else parts.push({ kind: "link", text: label || url || bare || "", url: url ?? bare ?? "" })
    from = match.index + whole.length
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) })
  return parts
}

const item = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)$/
const heading = /^(#{1,6})\s+(.*?)\s*#*$/
const fence = /^\s*(```|~~~)/
const rule = /^\s*([-*_])(\s*\1){2,}\s*$/
const row = /^\s*\|.*\|\s*$/

const cells = (line: string) =>
  line
    .trim()
    .slice(1, -1)
    .split("|")
    .map((cell) => inlineOf(cell.trim()))

/** The blocks of a Markdown text. HTML is text like any other. */
export const blocksOf = (markdown: string): ReadonlyArray<Block> => {
  const lines = markdown.split("\n")
  const blocks: Array<Block> = []
  let at = 0
  const line = () => lines[at] ?? ""
  const take = (while_: (line: string) => boolean) => {
    const taken: Array<string> = []
    while (at < lines.length && while_(line())) {
      taken.push(line())
      at++
    }
    return taken
  }
  while (at < lines.length) {
    const text = line()
    const [, marks, title] = heading.exec(text) ?? []
    if (text.trim() === "") at++
    else if (fence.test(text)) {
      at++
      blocks.push({ kind: "code", text: take((next) => !fence.test(next)).join("\n") })
      at++
    } else if (marks !== undefined) {
      blocks.push({ kind: "heading", level: marks.length, inline: inlineOf(title ?? "") })
      at++
    } else if (rule.test(text)) {
      blocks.push({ kind: "rule" })
      at++
    } else if (row.test(text)) {
      const rows = take((next) => row.test(next)).filter((next) => !/^[\s|:-]+$/.test(next))
      blocks.push({ kind: "table", rows: rows.map(cells) })
    } else if (item.test(text)) {
      const ordered = item.exec(text)?.[2] !== undefined
      const items: Array<{ depth: number; text: string }> = []
      for (const next of take((next) => next.trim() !== "" && !heading.test(next) && !fence.test(next))) {
        const [, indent = "", , content = ""] = item.exec(next) ?? []
        const last = items.at(-1)
        if (item.test(next)) items.push({ depth: Math.min(3, indent.length >> 1), text: content })
        else if (last !== undefined) last.text += ` ${next.trim()}`
      }
      blocks.push({
        kind: "list",
        ordered,
        items: items.map(({ depth, text }) => ({ depth, inline: inlineOf(text) }))
      })
    } else if (text.startsWith(">")) {
      const quoted = take((next) => next.startsWith(">")).map((next) => next.replace(/^>\s?/, ""))
      blocks.push({ kind: "quote", inline: inlineOf(quoted.join(" ")) })
    } else {
      const starts = [heading, fence, rule, row, item]
      const first = [text]
      at++
      const rest = take((next) => next.trim() !== "" && !starts.some((start) => start.test(next)))
      blocks.push({ kind: "paragraph", inline: inlineOf([...first, ...rest].join(" ")) })
    }
  }
  return blocks
}
