import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { User, Variables } from "../environment.ts"
import { runProcess } from "../processes.ts"

export class GitFailed extends Data.TaggedError("GitFailed")<{
  readonly message: string
  readonly stderr: string
}> {}

export interface GitOptions {
  readonly cwd: string
  readonly user?: User | null
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly maxOutputBytes?: number
}

const inheritedNames =
  /^(PATH|HOME|TMPDIR|LANG|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|GIT_SSL_CAINFO|CURL_CA_BUNDLE)$/i

/** Nothing of the machine's or the repository's configuration runs a program of its own. */
const settings = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "commit.gpgSign=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "protocol.ext.allow=never",
  "safe.directory=*",
  "advice.detachedHead=false"
].flatMap((setting) => ["-c", setting])

export const gitEnv = (variables: Variables): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value !== undefined && inheritedNames.test(name) ? [[name, value] as const] : []
    )
  ),
  LC_ALL: "C.UTF-8",
  GIT_TERMINAL_PROMPT: "0",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_LFS_SKIP_SMUDGE: "1"
})

const tokenName = "AI_IMPLEMENT_GIT_TOKEN"
const helper = `!f() { test "$1" = get && echo username=x-access-token && echo "password=$${tokenName}"; }; f`

/** The options and the environment of a git command that reaches the remote: the token stands in neither address nor arguments. */
export const authenticated = (token: string | null) =>
  token === null
    ? { args: [], env: {} }
    : {
        args: ["-c", "credential.helper=", "-c", `credential.helper=${helper}`],
        env: { [tokenName]: token }
      }

const firstSentence = (stderr: string) =>
  stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("hint:"))
    .slice(-3)
    .join(" ")
    .slice(0, 500)

export const makeGit = (variables: Variables) => {
  const base = gitEnv(variables)
  const output = Effect.fnUntraced(function* (args: ReadonlyArray<string>, options: GitOptions) {
    const { cwd, env = {}, maxOutputBytes, stdin, user } = options
    const exit = yield* runProcess({
      command: "git",
      args: [...settings, ...args],
      cwd,
      env: { ...base, ...env },
      user: user ?? null,
      ...(stdin !== undefined && { stdin }),
      ...(maxOutputBytes !== undefined && { maxOutputBytes })
    }).pipe(Effect.mapError(({ message }) => new GitFailed({ message, stderr: "" })))
    if (exit.code !== 0) {
      const verb = args.find((arg) => /^[a-z-]+$/.test(arg) && arg !== "-c") ?? "git"
      return yield* new GitFailed({
        message: `git ${verb} failed: ${firstSentence(exit.stderr)}`,
        stderr: exit.stderr
      })
    }
    if (exit.isCut) {
      return yield* new GitFailed({ message: "git wrote more than this program reads.", stderr: "" })
    }
    return exit.stdout
  })
  const text = (args: ReadonlyArray<string>, options: GitOptions) =>
    Effect.map(output(args, options), (bytes) => bytes.toString("utf8").trim())
  return { output, text }
}

export type Git = ReturnType<typeof makeGit>
