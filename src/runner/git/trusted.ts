import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Schema from "effect/Schema"

/** Configuration that acts on the agent: it comes from the dispatched ref, never from the branch. */
export const trustedRoots = ["CLAUDE.md", "CLAUDE.local.md", ".claude", ".mcp.json"] as const

const maxBytes = 5_000_000

const Files = Schema.Record(Schema.String, Schema.String)
export type Files = typeof Files.Type

/** `lay` replaces the roots by the files where they differ, `remove` removes them; both name the roots that differed. */
export const LayRequest = Schema.fromJsonString(
  Schema.Struct({ action: Schema.Literals(["lay", "remove"]), dir: Schema.String, files: Files })
)
export const LayAnswer = Schema.fromJsonString(Schema.Array(Schema.String))

const statOf = (path: string) => lstatSync(path, { throwIfNoEntry: false })

/** The regular files of the trusted configuration in a folder, by path, as base64. Links are not followed. */
export const readTrusted = (dir: string): Files => {
  const files: Record<string, string> = {}
  let bytes = 0
  const read = (path: string) => {
    const stat = statOf(join(dir, path))
    if (stat?.isDirectory() === true) {
      for (const name of readdirSync(join(dir, path)).sort()) read(`${path}/${name}`)
    } else if (stat?.isFile() === true) {
      bytes += stat.size
      if (bytes <= maxBytes) files[path] = readFileSync(join(dir, path)).toString("base64")
    }
  }
  for (const root of trustedRoots) read(root)
  return files
}

const hasLink = (dir: string, path: string): boolean => {
  const stat = statOf(join(dir, path))
  if (stat?.isSymbolicLink() === true) return true
  return stat?.isDirectory() === true
    ? readdirSync(join(dir, path)).some((name) => hasLink(dir, `${path}/${name}`))
    : false
}

const isBelow = (root: string) => (path: string) => path === root || path.startsWith(`${root}/`)

/** The roots whose files in `dir` differ from `files`. */
const differing = (dir: string, files: Files): ReadonlyArray<string> => {
  const found = readTrusted(dir)
  return trustedRoots.filter((root) => {
    const wanted = Object.entries(files).filter(([path]) => isBelow(root)(path))
    const there = Object.keys(found).filter(isBelow(root))
    return (
      hasLink(dir, root) ||
      wanted.length !== there.length ||
      wanted.some(([path, content]) => found[path] !== content)
    )
  })
}

const replace = (dir: string, files: Files) => {
  for (const root of trustedRoots) rmSync(join(dir, root), { recursive: true, force: true })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), Buffer.from(content, "base64"))
  }
}

export const carryOut = ({ action, dir, files }: typeof LayRequest.Type): ReadonlyArray<string> => {
  const found = differing(dir, files)
  if (action === "remove") replace(dir, {})
  else if (found.length > 0) replace(dir, files)
  return found
}
