import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Semaphore from "effect/Semaphore"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { grants } from "../github/Auth.ts"
import type { Controls } from "../github/Controls.ts"
import type { PullRequest } from "../github/State.ts"
import { git } from "./command.ts"
import { serveGit } from "./serve.ts"

export interface RemoteOptions {
  readonly dir: string
  readonly github: Controls
  readonly pages: string
}

interface Place {
  readonly owner: string
  readonly repo: string
}

const nameOf = ({ owner, repo }: Place) => `${owner}/${repo}`

/**
 * The repositories of the local GitHub as git repositories over HTTP, with their files. What is pushed moves the branch
 * and its pull requests on the local GitHub; a merge there is a merge here.
 */
export const makeRemote = Effect.fnUntraced(function* ({ dir, github, pages }: RemoteOptions) {
  const root = join(dir, "git")
  const clock = yield* Clock.Clock
  const fork = yield* FiberSet.makeRuntime()
  const turn = yield* Semaphore.make(1)
  const known = new Map<string, Map<string, string>>()
  const bareOf = (fullName: string) => join(root, `${fullName}.git`)

  const heads = (fullName: string) =>
    Effect.map(
      git(bareOf(fullName), "for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads"),
      (text) =>
        text
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => ({
            sha: line.slice(0, line.indexOf(" ")),
            branch: line.slice(line.indexOf(" ") + 1)
          }))
    )

  const mirror = Effect.fnUntraced(function* (place: Place) {
    const seen = known.get(nameOf(place)) ?? new Map<string, string>()
    known.set(nameOf(place), seen)
    for (const { branch, sha } of yield* heads(nameOf(place))) {
      if (seen.get(branch) === sha) continue
      seen.set(branch, sha)
      yield* github.pushBranch({ ...place, branch, sha })
    }
  })

  const places = github.repositories()

  for (const { defaultBranch, ...place } of places) {
    const bare = bareOf(nameOf(place))
    const seed = join(dir, "seed", nameOf(place))
    for (const folder of [bare, seed]) mkdirSync(folder, { recursive: true })
    const files = yield* github.filesOf({ ...place, branch: defaultBranch })
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(seed, path)), { recursive: true })
      writeFileSync(join(seed, path), content)
    }
    yield* git(bare, "init", "-q", "--bare")
    yield* git(seed, "init", "-q")
    yield* git(seed, "add", "-A")
    yield* git(seed, "commit", "-q", "--allow-empty", "-m", "Begin")
    yield* git(seed, "push", "-q", bare, `HEAD:refs/heads/${defaultBranch}`)
    yield* mirror(place)
  }
  rmSync(join(dir, "seed"), { recursive: true, force: true })

  const merge = Effect.fnUntraced(function* ({ base, headSha, number, repository }: PullRequest) {
    const bare = bareOf(repository.fullName)
    const target = `refs/heads/${base}`
    const into = yield* git(bare, "rev-parse", target)
    const tree = yield* git(bare, "merge-tree", "--write-tree", into, headSha)
    const message = `Merge pull request #${number}`
    const merged = yield* git(bare, "commit-tree", tree, "-p", into, "-p", headSha, "-m", message)
    yield* git(bare, "update-ref", target, merged, into)
    yield* mirror({ owner: repository.owner, repo: repository.name })
  }, turn.withPermits(1))

  github.listen((change) => {
    if (change._tag !== "pullRequest" || change.pull.mergedAt === null) return
    // A branch of the simulation is not here, and neither is one that conflicts.
    fork(Effect.ignore(merge(change.pull)))
  })

  const url = yield* serveGit({
    root,
    pages,
    mayUse: (password, { push, repository }) => {
      const token = github.tokens().find(({ value }) => value === password)
      return (
        token !== undefined &&
        token.expiresAt > clock.currentTimeMillisUnsafe() &&
        token.repositories.includes(repository) &&
        grants(token.permissions, "contents", push ? "write" : "read")
      )
    },
    pushed: Effect.forEach(places, mirror, { discard: true }).pipe(turn.withPermits(1), Effect.orDie)
  })

  return {
    url,
    bareOf,
    has: (fullName: string, branch: string, sha: string) => known.get(fullName)?.get(branch) === sha
  }
})
