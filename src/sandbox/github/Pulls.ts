import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type PullRequest, type Repository, shaOf, type State, emit } from "./State.ts"

export interface NewPullRequest {
  readonly branch: string
  readonly title: string
  readonly body?: string
  readonly draft?: boolean
  readonly fork?: string
}

export const makePulls = (state: State) => {
  const open = Effect.fnUntraced(function* (repository: Repository, wanted: NewPullRequest) {
    const now = yield* Clock.currentTimeMillis
    const headSha = shaOf(`${repository.fullName}@${wanted.branch}/${state.nextId}`)
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
      base: repository.defaultBranch,
      title: wanted.title,
      body: wanted.body ?? "",
      headSha,
      previousSha: headSha,
      draft: wanted.draft ?? false,
      fork,
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
      Object.assign(pull, { mergedAt: now, mergeSha: shaOf(`merge ${pull.id}`) })
      pull.repository.branches.set(pull.base, shaOf(`merge ${pull.id}`))
    }
    emit(state, { _tag: "pullRequest", action: "closed", pull })
    return pull
  })

  return {
    open,
    merge: (pull: PullRequest) => end(pull, true),
    close: (pull: PullRequest) => end(pull, false)
  }
}

export type Pulls = ReturnType<typeof makePulls>
