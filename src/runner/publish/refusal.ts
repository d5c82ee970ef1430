import { escapes, matcher } from "../git/paths.ts"

/** One file of one commit, as git's raw diff names it. */
export interface Change {
  readonly path: string
  readonly mode: string
  readonly blob: string
  readonly isDeleted: boolean
}

/** What was read of a new blob: its size, and its text where that is small. */
export interface Blob {
  readonly bytes: number
  readonly text: string | null
}

export interface Work {
  readonly descends: boolean
  /** Of every new commit: a file that a later commit deletes is pushed too. */
  readonly changes: ReadonlyArray<Change>
  /** Files that differ between base and tip. */
  readonly changedFiles: number
  readonly blobs: ReadonlyMap<string, Blob>
  /** Patterns of files in Git LFS. */
  readonly lfs: ReadonlyArray<string>
}

export interface Refusal {
  readonly reason: string
  readonly message: string
}

export const maxFiles = 300
export const maxBytes = 10_000_000

const alwaysProtected = [".github/workflows/**", ".github/ai-implement/**"]

const submoduleMode = "160000"
const linkMode = "120000"

const secretNames = [
  "**/.env",
  "**/.env.*",
  "**/*.pem",
  "**/*.key",
  "**/*.p12",
  "**/*.pfx",
  "**/*.jks",
  "**/*.keystore",
  "**/id_rsa",
  "**/id_dsa",
  "**/id_ecdsa",
  "**/id_ed25519",
  "**/.netrc",
  "**/.git-credentials",
  "**/.aws/credentials",
  "**/.docker/config.json",
  "**/kubeconfig"
]
const exampleName = /\.(example|sample|template|dist|defaults?)$|^\.env\.(example|sample|template|test)$/i

const secretTexts: ReadonlyArray<readonly [string, RegExp]> = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})/],
  ["an Anthropic key", /\bsk-ant-[A-Za-z0-9_-]{20,}/],
  ["an AWS key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a Linear key", /\blin_(?:api|oauth)_[A-Za-z0-9]{32,}/],
  ["a Slack token", /\bxox[abeprs]-[0-9A-Za-z-]{20,}/],
  ["a Fly token", /\bFlyV1 fm\d_[A-Za-z0-9+/=]{40,}/]
]

const lfsPointer = /^version https:\/\/git-lfs\.github\.com\/spec\//

const isSecretName = matcher(secretNames)
const nameOf = (path: string) => path.split("/").at(-1) ?? path

/** A path as a sentence may show it: hostile names cannot break out of their quotes. */
const shown = (path: string) => JSON.stringify(path.slice(0, 300).toWellFormed()).slice(1, -1)

const refusedChange = (
  change: Change,
  blob: Blob | undefined,
  isProtected: (path: string) => boolean,
  isLfs: (path: string) => boolean
): Refusal | null => {
  const { isDeleted, mode, path } = change
  const name = shown(path)
  if (isProtected(path)) {
    return {
      reason: "protected_path",
      message: `The work changes ${name}, which is protected. Nothing was pushed.`
    }
  }
  if (mode === submoduleMode || path === ".gitmodules") {
    return { reason: "submodule", message: `The work changes the submodule ${name}. Nothing was pushed.` }
  }
  if (isDeleted) return null
  if (mode === linkMode) {
    return blob?.text == null || escapes(path, blob.text)
      ? {
          reason: "symlink",
          message: `The work contains the symbolic link ${name}, which leads out of the tree. Nothing was pushed.`
        }
      : null
  }
  if (isSecretName(path) && !exampleName.test(nameOf(path))) {
    return {
      reason: "secret",
      message: `The work contains ${name}, which looks like a secret. Nothing was pushed.`
    }
  }
  const text = blob?.text ?? ""
  const found = secretTexts.find(([, pattern]) => pattern.test(text))
  if (found !== undefined) {
    return {
      reason: "secret",
      message: `The work contains ${found[0]} in ${name}. Nothing was pushed. Revoke it if it is real.`
    }
  }
  return lfsPointer.test(text) || isLfs(path)
    ? {
        reason: "lfs",
        message: `The work changes ${name}, a file in Git LFS, whose content is not carried. Nothing was pushed.`
      }
    : null
}

/** Why this work may not be pushed; null when it may. */
export const refusalOf = (work: Work, protectedPaths: ReadonlyArray<string>): Refusal | null => {
  if (!work.descends) {
    return {
      reason: "rewritten_history",
      message: "The history of the work does not descend from its base. Nothing was pushed."
    }
  }
  const isProtected = matcher([...alwaysProtected, ...protectedPaths])
  const isLfs = matcher(work.lfs)
  for (const change of work.changes) {
    const refused = refusedChange(change, work.blobs.get(change.blob), isProtected, isLfs)
    if (refused !== null) return refused
  }
  if (work.changedFiles > maxFiles) {
    return {
      reason: "too_many_files",
      message: `The work changes ${work.changedFiles} files (at most ${maxFiles}), among them ${shown(work.changes[0]?.path ?? "")}. Nothing was pushed.`
    }
  }
  const bytes = [...work.blobs.values()].reduce((sum, blob) => sum + blob.bytes, 0)
  if (bytes > maxBytes) {
    const [blob = ""] = [...work.blobs].toSorted(([, a], [, b]) => b.bytes - a.bytes)[0] ?? []
    const path = work.changes.find((change) => change.blob === blob)?.path ?? ""
    return {
      reason: "too_large",
      message: `The work holds ${bytes} bytes (at most ${maxBytes}); ${shown(path)} is its largest file. Nothing was pushed.`
    }
  }
  return null
}
