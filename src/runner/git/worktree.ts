import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Environment } from "../environment.ts"
import { runProcess } from "../processes.ts"
import { type Git, gitEnv, GitFailed } from "./git.ts"
import { carryOut, type Files, LayAnswer, LayRequest, readTrusted, trustedRoots } from "./trusted.ts"

export const agentIdentity = { name: "Claude Code", email: "noreply@anthropic.com" }

const identityEnv = {
  GIT_AUTHOR_NAME: agentIdentity.name,
  GIT_AUTHOR_EMAIL: agentIdentity.email,
  GIT_COMMITTER_NAME: agentIdentity.name,
  GIT_COMMITTER_EMAIL: agentIdentity.email
}

const maxBundleBytes = 60_000_000
const notLaid = "The trusted configuration cannot be written."
const encodeRequest = Schema.encodeEffect(LayRequest)
const decodeAnswer = Schema.decodeUnknownEffect(LayAnswer)

/** What was laid over the work tree, and has to be put back. */
export interface Overlay {
  readonly files: Files
  readonly laid: boolean
}

/**
 * The agent's work tree. Every command here runs as the agent's user and without credentials: the agent may have
 * changed the repository's own configuration.
 */
export const makeWorktree = (git: Git, environment: Environment, program: string) => {
  const { agentUser: user, trustedDir, variables, workDir } = environment
  const options = { cwd: workDir, user, env: identityEnv }

  const carriedOut = Effect.fnUntraced(function* (action: "lay" | "remove", files: Files) {
    const request = { action, dir: workDir, files }
    if (user === null) {
      return yield* Effect.try({
        try: () => carryOut(request),
        catch: (cause) => new GitFailed({ message: notLaid, stderr: String(cause) })
      })
    }
    const stdin = yield* Effect.orDie(encodeRequest(request))
    const exit = yield* runProcess({
      command: process.execPath,
      args: [program, "lay"],
      cwd: workDir,
      env: gitEnv(variables),
      user,
      stdin
    }).pipe(Effect.mapError(({ message }) => new GitFailed({ message, stderr: "" })))
    return yield* decodeAnswer(exit.stdout.toString("utf8")).pipe(
      Effect.mapError(() => new GitFailed({ message: notLaid, stderr: exit.stderr }))
    )
  })

  const tracked = Effect.map(git.output(["ls-files", "-z", "--", ...trustedRoots], options), (bytes) =>
    bytes
      .toString("utf8")
      .split("\0")
      .filter((path) => path !== "")
  )

  return {
    head: git.text(["rev-parse", "HEAD"], options),

    /** Lays the trusted configuration over that of the branch where they differ, hidden from the agent's commits. */
    lay: Effect.gen(function* () {
      const files = readTrusted(trustedDir)
      const differing = yield* carriedOut("lay", files)
      if (differing.length === 0) return { files, laid: false } satisfies Overlay
      const paths = yield* tracked
      if (paths.length > 0) {
        yield* git.output(["update-index", "--skip-worktree", "-z", "--stdin"], {
          ...options,
          stdin: paths.map((path) => `${path}\0`).join("")
        })
      }
      return { files, laid: true } satisfies Overlay
    }),

    /** Puts the branch's own configuration back; names what the agent changed of the trusted one. */
    putBack: Effect.fnUntraced(function* (overlay: Overlay, base: string) {
      if (!overlay.laid) return []
      const changed = yield* carriedOut("remove", overlay.files)
      const paths = yield* tracked
      if (paths.length > 0) {
        yield* git.output(["update-index", "--no-skip-worktree", "-z", "--stdin"], {
          ...options,
          stdin: paths.map((path) => `${path}\0`).join("")
        })
      }
      yield* git.output(["rm", "-r", "-q", "--cached", "--ignore-unmatch", "--", ...trustedRoots], options)
      const listed = yield* git.text(["ls-tree", "--name-only", base, "--", ...trustedRoots], options)
      const own = listed.split("\n").filter((path) => path !== "")
      if (own.length > 0) yield* git.output(["checkout", "-q", base, "--", ...own], options)
      return changed
    }),

    /** Commits what the agent left uncommitted; gives the tip. */
    commit: Effect.fnUntraced(function* (message: string) {
      yield* git.output(["add", "-A"], options)
      const staged = yield* git.output(["diff", "--cached", "--quiet", "--no-ext-diff"], options).pipe(
        Effect.as(false),
        Effect.orElseSucceed(() => true)
      )
      if (staged) yield* git.output(["commit", "-q", "--no-verify", "-m", message], options)
      return yield* git.text(["rev-parse", "HEAD"], options)
    }),

    /** Paths that differ from the commit, for a run that may not change any. */
    changed: (base: string) =>
      Effect.gen(function* () {
        yield* git.output(["add", "-A"], options)
        const names = yield* git.text(["diff", "--cached", "--name-only", "--no-ext-diff", base], options)
        return names.split("\n").filter((name) => name !== "")
      }),

    /** The commits after base as a bundle. */
    bundle: (base: string) =>
      git.output(["bundle", "create", "-q", "-", `${base}..HEAD`], {
        ...options,
        maxOutputBytes: maxBundleBytes
      })
  }
}
