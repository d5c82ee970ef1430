import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { addCommit, treeOf } from "./Git.ts"
import { type PullRequest, type Repository, shaOf, type State, emit } from "./State.ts"

export interface NewPullRequest {
  readonly branch: string
  readonly title: string
  readonly body?: string
  readonly draft?: boolean
  readonly fork?: string
  /** A person; without one the owner of the fork, else our App. */
  readonly author?: string
  readonly base?: string
  /** A commit that was pushed; a new one when absent. */
  readonly headSha?: string
}

export const makePulls = (state: State) => {
  /** Moves a branch, and the open pull requests from it. */
  const push = Effect.fnUntraced(function* (repository: Repository, branch: string, sha: string) {
    const now = yield* Clock.currentTimeMillis
    const before = repository.branches.get(branch)
    repository.branches.set(branch, sha)
    if (before === sha) return
    for (const pull of repository.pulls) {
      if (pull.branch !== branch || pull.fork !== null || pull.state !== "open") continue
      Object.assign(pull, { headSha: sha, previousSha: pull.headSha, updatedAt: now })
      emit(state, { _tag: "pullRequest", action: "synchronize", pull })
    }
  })

  const open = Effect.fnUntraced(function* (repository: Repository, wanted: NewPullRequest) {
    const now = yield* Clock.currentTimeMillis
    const headSha = wanted.headSha ?? shaOf(`${repository.fullName}@${wanted.branch}/${state.nextId}`)
    if (wanted.fork === undefined) repository.branches.set(wanted.branch, headSha)
    const fork = wanted.fork ?? null
    const known = repository.pulls.find(
      (one) => one.branch === wanted.branch && one.fork === fork && one.state === "open"
    )
    if (known !== undefined) {
      Object.assign(known, {
        headSha,
        previousSha: known.headSha,
        updatedAt: now,
        draft: wanted.draft ?? false
      })
      emit(state, { _tag: "pullRequest", action: "synchronize", pull: known })
      return known
    }
    const pull: PullRequest = {
      id: state.nextId++,
      number: repository.pulls.length + 1,
      repository,
      branch: wanted.branch,
      base: wanted.base ?? repository.defaultBranch,
      title: wanted.title,
      body: wanted.body ?? "",
      headSha,
      previousSha: headSha,
      draft: wanted.draft ?? false,
      fork,
      author: wanted.author ?? fork,
      state: "open",
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      mergedAt: null,
      mergeSha: null
    }
    repository.pulls.push(pull)
    emit(state, { _tag: "pullRequest", action: "opened", pull })
    return pull
  })

  const end = Effect.fnUntraced(function* (pull: PullRequest, merged: boolean) {
    if (pull.state === "closed") return pull
    const now = yield* Clock.currentTimeMillis
    Object.assign(pull, { state: "closed", closedAt: now, updatedAt: now })
    if (merged) {
      const { repository } = pull
      const parents = [repository.branches.get(pull.base) ?? "", pull.headSha]
      const tree = treeOf(repository, pull.headSha)
      const message = `Merge pull request #${pull.number}`
      // Only what was committed here has files of its own.
      const mergeSha = repository.commits.has(pull.headSha)
        ? addCommit(repository, { tree, parents, message, at: now }).sha
        : shaOf(`merge ${pull.id}`)
      Object.assign(pull, { mergedAt: now, mergeSha })
      repository.branches.set(pull.base, mergeSha)
    }
    emit(state, { _tag: "pullRequest", action: "closed", pull })
    return pull
  })

  return {
    open,
    push,
    merge: (pull: PullRequest) => end(pull, true),
    close: (pull: PullRequest) => end(pull, false)
  }
}

export type Pulls = ReturnType<typeof makePulls>
