import { createHash } from "node:crypto"

/** A file for a target repository. `seeded`: added only where it is missing, since people edit it. */
export interface TemplateFile {
  readonly path: string
  readonly content: string
  readonly seeded: boolean
}

/**
 * What a repository has at the path of a template. `older`: ours, unchanged, from another version or other settings;
 * `modified`: ours, changed by someone; `foreign`: without our header, so never replaced.
 */
export type Installation = "missing" | "current" | "older" | "modified" | "foreign"

interface Header {
  readonly name: string
  readonly version: string
  readonly digest: string
}

const pattern =
  /^(?:#|\/\/) ai-implement-template: ([a-z-]{1,40}) ([0-9A-Za-z.+-]{1,40}) sha256:([0-9a-f]{64})$/

// The front matter of a prompt and a shebang come before the header.
const maxHeaderLine = 3

const linesOf = (text: string) =>
  text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .split("\n")

const headerLineOf = (lines: ReadonlyArray<string>) =>
  lines.slice(0, maxHeaderLine).findIndex((line) => pattern.test(line))

const digestOf = (lines: ReadonlyArray<string>) => createHash("sha256").update(lines.join("\n")).digest("hex")

/** Our header in a file, and whether the rest is as we wrote it; null where the file has none. */
export const readHeader = (text: string): (Header & { readonly intact: boolean }) | null => {
  const lines = linesOf(text)
  const at = headerLineOf(lines)
  const [, name, version, digest] = pattern.exec(lines[at] ?? "") ?? []
  if (name === undefined || version === undefined || digest === undefined) return null
  return { name, version, digest, intact: digestOf(lines.toSpliced(at, 1)) === digest }
}

interface Unmarked {
  readonly name: string
  readonly version: string
  readonly comment: "#" | "//"
  readonly text: string
  /** Lines that stay before the header. */
  readonly after?: number
}

/** The text with our header line. */
export const withHeader = ({ after = 0, comment, name, text, version }: Unmarked) => {
  const lines = linesOf(text)
  const header = `${comment} ai-implement-template: ${name} ${version} sha256:${digestOf(lines)}`
  return lines.toSpliced(after, 0, header).join("\n")
}

/** Compares what a repository has at the path of `current` with it; null: it has no such file. */
export const inspect = (installed: string | null, current: TemplateFile): Installation => {
  if (installed === null) return "missing"
  const found = readHeader(installed)
  if (found === null) return "foreign"
  const wanted = readHeader(current.content)
  if (!found.intact || found.name !== wanted?.name) return "modified"
  return found.digest === wanted.digest ? "current" : "older"
}
