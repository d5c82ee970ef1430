import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { RunContext } from "../../domain/RunnerMessages.ts"
import type { Environment } from "../environment.ts"
import { authenticated, type Git, type GitOptions } from "../git/git.ts"
import { rewrite, rewritten } from "./commits.ts"
import { inspect } from "./inspect.ts"
import { refusalOf } from "./refusal.ts"

/** The work is not pushed; the message names the path or the reason. */
class Refused extends Data.TaggedError("Refused")<{
  readonly reason: string
  readonly message: string
}> {}

export interface Push {
  readonly git: Git
  readonly environment: Environment
  readonly context: RunContext
  /** An empty folder for the bare clone. */
  readonly dir: string
  readonly bundleFile: string
  readonly base: string
  readonly tip: string
  readonly token: string | null
  readonly bot: Environment["bot"]
  readonly protectedPaths: ReadonlyArray<string>
}

export interface Pushed {
  readonly tip: string
  readonly changed: ReadonlySet<string>
  readonly notes: ReadonlyArray<string>
}

const refs = {
  base: "refs/ai-implement/base",
  branch: "refs/ai-implement/branch",
  work: "refs/ai-implement/work"
}

const foreignBase = new Refused({
  reason: "rewritten_history",
  message:
    "The work does not start from a commit of its base branch or of its pull request. Nothing was pushed."
})
const notDescending = new Refused({
  reason: "rewritten_history",
  message: "The history of the work does not descend from its base. Nothing was pushed."
})

const isMoved = (stderr: string) => /non-fast-forward|fetch first|\[rejected\]|cannot lock ref/.test(stderr)

/** Checks the bundle in a bare clone, and pushes its commits in the bot's name. */
export const pushWork = Effect.fn("runner.push")(function* (push: Push) {
  const { base, bot, bundleFile, context, dir, environment, git, tip, token } = push
  const url = `${environment.gitUrl}/${context.repo}.git`
  const remote = authenticated(token)
  const local: GitOptions = { cwd: dir }
  const online: GitOptions = { cwd: dir, env: remote.env }
  const isAncestor = (one: string, other: string) =>
    git.output(["merge-base", "--is-ancestor", one, other], local).pipe(
      Effect.as(true),
      Effect.orElseSucceed(() => false)
    )
  const fetch = (...refspecs: ReadonlyArray<string>) =>
    git.output(
      [...remote.args, "fetch", "-q", "--no-tags", "--no-write-fetch-head", url, ...refspecs],
      online
    )

  yield* git.output(["init", "-q", "--bare", "."], local)
  const continues = context.pullRequest !== null
  yield* fetch(
    `+refs/heads/${context.baseBranch}:${refs.base}`,
    ...(continues ? [`+refs/heads/${context.branch}:${refs.branch}`] : [])
  )
  // What only the bundle brings is not here yet.
  const known = (yield* isAncestor(base, refs.base)) || (continues && (yield* isAncestor(base, refs.branch)))
  if (!known) return yield* foreignBase

  yield* git
    .output(
      ["-c", "fetch.fsckObjects=true", "fetch", "-q", "--no-tags", bundleFile, `+HEAD:${refs.work}`],
      local
    )
    .pipe(
      Effect.mapError((error) =>
        /lacks these prerequisite|parse/.test(error.stderr) ? notDescending : error
      )
    )
  if ((yield* git.text(["rev-parse", refs.work], local)) !== tip) return yield* notDescending

  const work = yield* inspect(git, local, base, tip)
  const refusal = refusalOf(work, push.protectedPaths)
  if (refusal !== null) return yield* new Refused(refusal)

  const { changed, commits } = work
  const ours = yield* rewrite(git, local, { commits, tip, bot })
  const target = `refs/heads/${context.branch}`
  const send = (commit: string) =>
    git.output([...remote.args, "push", "-q", "--no-verify", url, `${commit}:${target}`], online)

  return yield* send(ours).pipe(
    Effect.as<Pushed>({ tip: ours, changed, notes: [] }),
    Effect.catchIf(
      ({ stderr }) => isMoved(stderr),
      Effect.fnUntraced(function* () {
        // Someone pushed meanwhile: both are kept, or neither is touched.
        yield* fetch(`+${target}:${refs.branch}`)
        const head = yield* git.text(["rev-parse", refs.branch], local)
        if (yield* isAncestor(ours, head)) return { tip: head, changed, notes: [] } satisfies Pushed
        const tree = yield* git.text(["merge-tree", "--write-tree", head, ours], local).pipe(
          Effect.mapError(
            () =>
              new Refused({
                reason: "branch_moved",
                message: `The branch ${context.branch} was changed during the run, and the changes conflict. Nothing was pushed; retry the dispatch.`
              })
          )
        )
        const committer = (yield* git.output(["cat-file", "commit", ours], local))
          .toString("utf8")
          .split("\n")
          .find((line) => line.startsWith("committer "))
        const who = (committer ?? "").slice("committer ".length)
        const stdin = rewritten(
          {
            tree: tree.split("\n")[0] ?? "",
            parents: [],
            author: who,
            committer: who,
            message: `Merge the work on ${context.identifier} into ${context.branch}`
          },
          [head, ours],
          bot
        )
        const merged = yield* git.text(["hash-object", "-t", "commit", "-w", "--stdin"], { ...local, stdin })
        yield* send(merged)
        return {
          tip: merged,
          changed,
          notes: ["Someone pushed to the branch during the run; both changes were merged."]
        } satisfies Pushed
      })
    )
  )
})
