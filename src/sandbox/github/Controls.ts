import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { Auth } from "./Auth.ts"
import type { NewPullRequest, Pulls } from "./Pulls.ts"
import type { RateLimit } from "./RateLimit.ts"
import type { Runs } from "./Runs.ts"
import {
  type Conclusion,
  findRepository,
  type PullRequest,
  putRepository,
  type RepositoryOptions,
  type Run,
  type State
} from "./State.ts"

/** A run, pull request or repository that the local GitHub does not have. */
export class Unknown extends Data.TaggedError("Unknown")<{ readonly message: string }> {}

export interface PullRequestRef {
  readonly owner: string
  readonly repo: string
  readonly number: number
}

/** What a test or the demo does to the local GitHub from outside its API. */
export interface Controls {
  readonly runs: () => ReadonlyArray<Run>
  readonly findRun: (id: number) => Run | undefined
  readonly findRuns: (dispatchId: string) => ReadonlyArray<Run>
  readonly startRun: (id: number) => Effect.Effect<Run, Unknown>
  readonly finishRun: (id: number, conclusion: Conclusion) => Effect.Effect<Run, Unknown>
  readonly pullRequests: () => ReadonlyArray<PullRequest>
  readonly openPullRequest: (
    wanted: NewPullRequest & { readonly owner: string; readonly repo: string }
  ) => Effect.Effect<PullRequest, Unknown>
  readonly mergePullRequest: (pull: PullRequestRef) => Effect.Effect<PullRequest, Unknown>
  readonly closePullRequest: (pull: PullRequestRef) => Effect.Effect<PullRequest, Unknown>
  readonly putRepository: (options: RepositoryOptions) => Effect.Effect<void>
  /** How long a new run stays out of the lists. */
  readonly setConsistencyDelay: (millis: number) => void
  /** How long an accepted cancel takes; Infinity for a run that does not answer to it. */
  readonly setCancelDelay: (millis: number) => void
  readonly setBudget: (to: { readonly limit: number; readonly remaining?: number }) => Effect.Effect<void>
  /** Every token out there becomes bad credentials. */
  readonly revokeTokens: () => void
}

export const makeControls = (
  state: State,
  auth: Auth,
  limits: RateLimit,
  runs: Runs,
  pulls: Pulls
): Controls => {
  const findRun = (id: number) => state.runs.find((run) => run.id === id)

  const runOf = Effect.fnUntraced(function* (id: number) {
    return findRun(id) ?? (yield* new Unknown({ message: `There is no run ${id}.` }))
  })

  const repositoryOf = Effect.fnUntraced(function* (owner: string, repo: string) {
    const found = findRepository(state, owner, repo)
    return found ?? (yield* new Unknown({ message: `There is no repository ${owner}/${repo}.` }))
  })

  const pullOf = Effect.fnUntraced(function* ({ owner, repo, number }: PullRequestRef) {
    const found = (yield* repositoryOf(owner, repo)).pulls.find((pull) => pull.number === number)
    return found ?? (yield* new Unknown({ message: `There is no pull request ${owner}/${repo}#${number}.` }))
  })

  return {
    runs: () => state.runs,
    findRun,
    findRuns: (dispatchId) => state.runs.filter(({ inputs }) => inputs["dispatch_id"] === dispatchId),
    startRun: (id) => Effect.tap(runOf(id), runs.start),
    finishRun: (id, conclusion) => Effect.tap(runOf(id), (run) => runs.finish(run, conclusion)),
    pullRequests: () => [...state.repositories.values()].flatMap(({ pulls }) => pulls),
    openPullRequest: ({ owner, repo, ...wanted }) =>
      Effect.flatMap(repositoryOf(owner, repo), (repository) => pulls.open(repository, wanted)),
    mergePullRequest: (ref) => Effect.flatMap(pullOf(ref), pulls.merge),
    closePullRequest: (ref) => Effect.flatMap(pullOf(ref), pulls.close),
    putRepository: (options) =>
      Effect.map(Clock.currentTimeMillis, (now) => void putRepository(state, options, now)),
    setConsistencyDelay: (millis) => void (state.consistencyDelay = millis),
    setCancelDelay: (millis) => void (state.cancelDelay = millis),
    setBudget: (to) => Effect.map(Clock.currentTimeMillis, (now) => limits.set(to, now)),
    revokeTokens: auth.revokeTokens
  }
}
