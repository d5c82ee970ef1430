import * as Effect from "effect/Effect"
import { mkdirSync } from "node:fs"
import { dirname, join } from "node:path"
import type { RunContext } from "../../domain/RunnerMessages.ts"
import { workRefOf } from "../context.ts"
import type { Environment } from "../environment.ts"
import { authenticated, type Git, gitEnv } from "../git/git.ts"
import { runProcess } from "../processes.ts"

const refs = { ref: "refs/heads/dispatched", work: "refs/heads/work" }

const isCommit = (ref: string) => /^[0-9a-f]{40,64}$/.test(ref)

/**
 * Clones the repository of a machine's dispatch: the trusted checkout of the dispatched ref, and the work tree, which
 * belongs to the agent's user. The token reaches git by its credential helper alone.
 */
export const checkOut = Effect.fn("runner.checkOut")(function* (
  git: Git,
  environment: Environment,
  context: RunContext,
  token: string
) {
  const { agentUser, gitUrl, trustedDir, variables, workDir } = environment
  const url = `${gitUrl}/${context.repo}.git`
  const remote = authenticated(token)
  const bare = join(environment.contextDir, "repository.git")
  mkdirSync(bare, { recursive: true, mode: 0o700 })
  mkdirSync(dirname(workDir), { recursive: true })
  mkdirSync(dirname(trustedDir), { recursive: true })
  const local = { cwd: bare }
  const work = workRefOf(context)
  yield* git.output(["init", "-q", "--bare", "."], local)
  const refspecs = [
    `+refs/heads/${context.ref.replace(/^refs\/heads\//, "")}:${refs.ref}`,
    isCommit(work) ? `${work}:${refs.work}` : `+refs/heads/${work}:${refs.work}`
  ]
  yield* git.output([...remote.args, "fetch", "-q", "--no-tags", url, ...refspecs], {
    ...local,
    env: remote.env
  })
  yield* git.output(["worktree", "add", "-q", "--detach", trustedDir, refs.ref], local)
  yield* git.output(["clone", "-q", "--no-hardlinks", "--no-tags", "--branch", "work", bare, workDir], {
    cwd: dirname(workDir)
  })
  yield* git.output(["remote", "set-url", "origin", url], { cwd: workDir })
  if (agentUser !== null) {
    yield* runProcess({
      command: "chown",
      args: ["-hR", `${agentUser.uid}:${agentUser.gid}`, workDir],
      cwd: dirname(workDir),
      env: gitEnv(variables)
    })
  }
})
