import { posix } from "node:path"

const escape = (text: string) => text.replace(/[.+^${}()|[\]\\]/g, "\\$&")

/** `**` crosses folders, `*` and `?` do not; a folder stands for everything in it. Letter case does not count. */
const patternOf = (glob: string) => {
  const trimmed = glob.replace(/^\.?\//, "").replace(/\/$/, "")
  const body = trimmed
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      switch (part) {
        case "**/":
          return "(?:.*/)?"
        case "**":
          return ".*"
        case "*":
          return "[^/]*"
        case "?":
          return "[^/]"
      }
      return escape(part)
    })
    .join("")
  return new RegExp(`^${body}(?:/.*)?$`, "i")
}

export const matcher = (globs: ReadonlyArray<string>) => {
  const patterns = globs.map(patternOf)
  return (path: string) => patterns.some((pattern) => pattern.test(path))
}

/** The patterns of a `.gitattributes` file whose files are in Git LFS. */
export const lfsPatterns = (attributes: string) =>
  attributes.split("\n").flatMap((line) => {
    const [pattern = "", ...rest] = line.trim().split(/\s+/)
    if (pattern.startsWith("#") || !rest.includes("filter=lfs")) return []
    return [pattern.includes("/") ? pattern : `**/${pattern}`]
  })

/** Whether a symbolic link at `path` leads out of the tree, or into git's own folder. */
export const escapes = (path: string, target: string) => {
  if (target.startsWith("/") || /^[a-z]:|\\/i.test(target)) return true
  const resolved = posix.normalize(posix.join(posix.dirname(path), target))
  return resolved === ".." || resolved.startsWith("../") || /^\.git(\/|$)/i.test(resolved)
}
