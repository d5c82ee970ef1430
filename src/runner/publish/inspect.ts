import * as Effect from "effect/Effect"
import type { Git, GitOptions } from "../git/git.ts"
import { lfsPatterns } from "../git/paths.ts"
import type { Blob, Change, Work } from "./refusal.ts"

export interface Inspected extends Work {
  /** Parents first. */
  readonly commits: ReadonlyArray<string>
  readonly changed: ReadonlySet<string>
}

const zero = /^0+$/
const maxReadBytes = 1_000_000
const maxListBytes = 100_000_000
const maxAttributesBytes = 10_000_000

/** Reads `git diff-tree --raw -z`: `:old new old-id new-id status`, then the path. */
export const changesOf = (raw: string): ReadonlyArray<Change> => {
  const parts = raw.split("\0")
  const changes: Array<Change> = []
  for (let index = 0; index + 1 < parts.length; index++) {
    const part = parts[index] ?? ""
    if (!part.startsWith(":")) continue
    const [, mode = "", , blob = "", status = ""] = part.slice(1).split(" ")
    const path = parts[index + 1] ?? ""
    changes.push({ path, mode, blob, isDeleted: status.startsWith("D") })
    index += 1
  }
  return changes
}

const sizesOf = (text: string) =>
  new Map(
    text.split("\n").flatMap((line) => {
      const [id = "", type, size] = line.split(" ")
      return type === "blob" ? [[id, Number(size)] as const] : []
    })
  )

/** Reads `git cat-file --batch`: `id type size`, a line feed, the content, a line feed. */
export const textsOf = (bytes: Buffer): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>()
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at)
    if (end === -1) break
    const [id = "", type, size] = bytes.subarray(at, end).toString("utf8").split(" ")
    const length = Number(size)
    if (type === undefined || !Number.isInteger(length)) {
      at = end + 1
      continue
    }
    if (type === "blob") texts.set(id, bytes.subarray(end + 1, end + 1 + length).toString("utf8"))
    at = end + 1 + length + 1
  }
  return texts
}

/** Reads what the commits between base and tip bring, without checking out any of it. */
export const inspect = Effect.fnUntraced(function* (
  git: Git,
  options: GitOptions,
  base: string,
  tip: string
) {
  const listing = { ...options, maxOutputBytes: maxListBytes }
  const descends = yield* git.output(["merge-base", "--is-ancestor", base, tip], options).pipe(
    Effect.as(true),
    Effect.orElseSucceed(() => false)
  )
  const none: Inspected = {
    descends,
    commits: [],
    changed: new Set(),
    changes: [],
    changedFiles: 0,
    blobs: new Map(),
    lfs: []
  }
  if (!descends) return none
  const commits = yield* git.text(["rev-list", "--reverse", "--topo-order", `${base}..${tip}`], listing)
  const raw = yield* git.output(
    ["diff-tree", "--stdin", "-r", "-m", "--root", "--raw", "-z", "--no-renames", "--no-commit-id"],
    { ...listing, stdin: `${commits}\n` }
  )
  const net = yield* git.output(["diff-tree", "-r", "--raw", "-z", "--no-renames", base, tip], listing)
  const changes = changesOf(raw.toString("utf8"))
  const ids = [
    ...new Set(changes.flatMap(({ blob, mode }) => (zero.test(blob) || mode === "160000" ? [] : [blob])))
  ]
  const checked = yield* git.text(["cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"], {
    ...listing,
    stdin: [...ids, `${tip}:.gitattributes`].join("\n")
  })
  const sizes = sizesOf(checked)
  const [attributes = ""] = (checked.split("\n").at(-1) ?? "").split(" ")
  const small = ids.filter((id) => (sizes.get(id) ?? 0) <= maxReadBytes)
  const total = small.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0)
  const hasAttributes = (sizes.get(attributes) ?? Infinity) <= maxAttributesBytes
  const read = [...(total > maxListBytes ? [] : small), ...(hasAttributes ? [attributes] : [])]
  const texts = textsOf(
    yield* git.output(["cat-file", "--batch"], {
      ...listing,
      maxOutputBytes: 2 * maxListBytes,
      stdin: read.map((id) => `${id}\n`).join("")
    })
  )
  const blobs = new Map<string, Blob>(
    ids.map((id) => [id, { bytes: sizes.get(id) ?? 0, text: texts.get(id) ?? null }])
  )
  const differing = changesOf(net.toString("utf8"))
  return {
    descends,
    commits: commits.split("\n").filter((id) => id !== ""),
    changed: new Set(differing.map(({ path }) => path)),
    changes,
    lfs: lfsPatterns(texts.get(attributes) ?? ""),
    changedFiles: differing.length,
    blobs
  } satisfies Inspected
})
