import * as Effect from "effect/Effect"
import type { Environment } from "../environment.ts"
import type { Git, GitOptions } from "../git/git.ts"

export interface Commit {
  readonly tree: string
  readonly parents: ReadonlyArray<string>
  readonly author: string
  readonly committer: string
  readonly message: string
}

/** Reads the raw form of a commit: headers, an empty line, the message. Other headers, such as signatures, are left out. */
export const commitOf = (raw: string): Commit => {
  const cut = raw.indexOf("\n\n")
  const head = cut === -1 ? raw : raw.slice(0, cut)
  const headers = head.split("\n").filter((line) => !line.startsWith(" "))
  const all = (name: string) =>
    headers.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []))
  return {
    tree: all("tree")[0] ?? "",
    parents: all("parent"),
    author: all("author")[0] ?? "",
    committer: all("committer")[0] ?? "",
    message: cut === -1 ? "" : raw.slice(cut + 2)
  }
}

const identity = /^(.*?)\s*<([^<>]*)>\s+(-?\d+ [+-]\d{4})$/

const trailer = /^[A-Za-z][A-Za-z-]*: .+$/
const maxMessageLength = 20_000

const withTrailer = (message: string, line: string) => {
  const text = message.slice(0, maxMessageLength).toWellFormed().replaceAll("\u0000", "").trimEnd()
  if (text.includes(line)) return `${text}\n`
  const last = text.split("\n").at(-1) ?? ""
  const isBlock = trailer.test(last) && text.includes("\n\n")
  return `${text === "" ? "Work of the agent" : text}${isBlock ? "\n" : "\n\n"}${line}\n`
}

/** The same commit by the bot, with the author as a trailer. The same input gives the same commit. */
export const rewritten = (
  commit: Commit,
  parents: ReadonlyArray<string>,
  bot: Environment["bot"]
): string => {
  const [, name = "", email = "", authored = "0 +0000"] = identity.exec(commit.author) ?? []
  const [, , , committed = authored] = identity.exec(commit.committer) ?? []
  const author = `Co-authored-by: ${name.trim() || "agent"} <${email}>`
  return [
    `tree ${commit.tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${bot.name} <${bot.email}> ${authored}`,
    `committer ${bot.name} <${bot.email}> ${committed}`,
    "",
    email === bot.email ? `${commit.message.trimEnd()}\n` : withTrailer(commit.message, author)
  ].join("\n")
}

/** Writes the commits once more, parents first, by the bot; gives the new tip. */
export const rewrite = Effect.fnUntraced(function* (
  git: Git,
  options: GitOptions,
  {
    bot,
    commits,
    tip
  }: {
    readonly commits: ReadonlyArray<string>
    readonly tip: string
    readonly bot: Environment["bot"]
  }
) {
  const renamed = new Map<string, string>()
  for (const id of commits) {
    const commit = commitOf((yield* git.output(["cat-file", "commit", id], options)).toString("utf8"))
    const parents = commit.parents.map((parent) => renamed.get(parent) ?? parent)
    const stdin = rewritten(commit, parents, bot)
    renamed.set(id, yield* git.text(["hash-object", "-t", "commit", "-w", "--stdin"], { ...options, stdin }))
  }
  return renamed.get(tip) ?? tip
})
