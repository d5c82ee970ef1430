import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Artifacts } from "./Artifacts.ts"
import type { Auth, Installing, Permissions } from "./Auth.ts"
import type { Comments } from "./Comments.ts"
import type { Job, Oidc, TokenRequest } from "./Oidc.ts"
import type { NewPullRequest, Pulls } from "./Pulls.ts"
import { filesOf } from "./Git.ts"
import { botOf } from "./render/user.ts"
import type { RateLimit } from "./RateLimit.ts"
import type { Runs } from "./Runs.ts"
import {
  type Artifact,
  type Cancelled,
  type Change,
  type Comment,
  type Conclusion,
  findRepository,
  type PullRequest,
  putRepository,
  removeRepository,
  type RepositoryOptions,
  type Role,
  type Run,
  type State
} from "./State.ts"

/** A run, pull request or repository that the local GitHub does not have. */
export class Unknown extends Data.TaggedError("Unknown")<{ readonly message: string }> {}

export interface RepositoryRef {
  readonly owner: string
  readonly repo: string
}

export interface PullRequestRef extends RepositoryRef {
  readonly number: number
}

export interface IssuedToken {
  readonly value: string
  readonly permissions: Permissions
  /** `owner/repo` of each repository that it may use. */
  readonly repositories: ReadonlyArray<string>
  readonly expiresAt: number
}

export interface Controls {
  readonly runs: () => ReadonlyArray<Run>
  readonly findRun: (id: number) => Run | undefined
  readonly findRuns: (dispatchId: string) => ReadonlyArray<Run>
  readonly startRun: (id: number) => Effect.Effect<Run, Unknown>
  /** Has an unfinished run wait: for a runner, an approval or its concurrency group. */
  readonly holdRun: (id: number, status: "queued" | "waiting" | "pending") => Effect.Effect<Run, Unknown>
  readonly finishRun: (id: number, conclusion: Conclusion) => Effect.Effect<Run, Unknown>
  /** Cancels an unfinished run: by a person, at a job's time limit, or for a newer run of its group. */
  readonly cancelRun: (id: number, cancelled: Cancelled) => Effect.Effect<Run, Unknown>
  /** What a run still does between an accepted cancel and its end. */
  readonly beforeCancelled: (id: number, does: Effect.Effect<void>) => void
  readonly listen: (listener: (change: Change) => void) => void
  readonly repositories: () => ReadonlyArray<RepositoryRef & { readonly defaultBranch: string }>
  readonly pullRequests: () => ReadonlyArray<PullRequest>
  readonly openPullRequest: (wanted: NewPullRequest & RepositoryRef) => Effect.Effect<PullRequest, Unknown>
  /** Moves a branch to a commit, as a push over Git does. */
  readonly pushBranch: (
    wanted: RepositoryRef & { readonly branch: string; readonly sha: string }
  ) => Effect.Effect<void, Unknown>
  /** The files of a branch. */
  readonly filesOf: (
    wanted: RepositoryRef & { readonly branch: string }
  ) => Effect.Effect<Readonly<Record<string, string>>, Unknown>
  readonly mergePullRequest: (pull: PullRequestRef) => Effect.Effect<PullRequest, Unknown>
  readonly closePullRequest: (pull: PullRequestRef) => Effect.Effect<PullRequest, Unknown>
  /** What a person writes under a pull request; an author whose login ends in `[bot]` is none. */
  readonly comment: (
    wanted: PullRequestRef & { readonly author: string; readonly body: string }
  ) => Effect.Effect<Comment, Unknown>
  /** `millis`: the time of the edit after the comment was written; now when absent. */
  readonly editComment: (id: number, body: string, millis?: number) => Effect.Effect<Comment, Unknown>
  readonly setRole: (
    wanted: RepositoryRef & { readonly login: string; readonly role: Role | null }
  ) => Effect.Effect<void, Unknown>
  readonly artifacts: () => ReadonlyArray<Artifact>
  readonly uploadArtifact: (
    runId: number,
    name: string,
    files: Readonly<Record<string, string>>
  ) => Effect.Effect<Artifact, Unknown>
  /** The token of a job of the run; of the reusable report workflow, unless its claims are changed. */
  readonly jobToken: (runId: number, wanted: TokenRequest) => Effect.Effect<string, Unknown>
  /** Where a job of the run asks for its tokens, and the secret that it asks with; valid while the job is. */
  readonly openJob: (
    runId: number
  ) => Effect.Effect<{ readonly url: string; readonly token: string }, Unknown, Scope.Scope>
  /** The token of a job that a comment started: of the comment workflow, unless its claims are changed. */
  readonly commentToken: (repository: RepositoryRef, wanted: TokenRequest) => Effect.Effect<string, Unknown>
  /** The issuer of these tokens: what GITHUB_OIDC_ISSUER is set to. */
  readonly oidcIssuer: () => string
  readonly putRepository: (options: RepositoryOptions) => Effect.Effect<void>
  readonly removeRepository: (repository: RepositoryRef) => void
  readonly setConsistencyDelay: (millis: number) => void
  /** How long an accepted cancel takes; Infinity for a run that ignores it. */
  readonly setCancelDelay: (millis: number) => void
  readonly setBudget: (to: { readonly limit: number; readonly remaining?: number }) => Effect.Effect<void>
  /** Changes what every app may do or where it is installed. */
  readonly install: (to: Installing) => void
  /** Every token that the apps received, expired ones too. */
  readonly tokens: () => ReadonlyArray<IssuedToken>
  readonly revokeTokens: () => void
}

interface Parts {
  readonly state: State
  readonly auth: Auth
  readonly limits: RateLimit
  readonly runs: Runs
  readonly pulls: Pulls
  readonly comments: Comments
  readonly artifacts: Artifacts
  readonly oidc: Oidc
}

const reportWorkflow = ".github/workflows/ai-implement-report.yml"
const commentWorkflow = ".github/workflows/ai-implement-comment.yml"

const jobOf = ({ branch, id, number, repository, workflow }: Run): Job => ({
  repository,
  branch,
  workflow,
  runId: id,
  runNumber: number,
  jobPath: reportWorkflow,
  event: "workflow_dispatch",
  actor: botOf(repository)
})

export const makeControls = ({
  artifacts,
  auth,
  comments,
  limits,
  oidc,
  pulls,
  runs,
  state
}: Parts): Controls => {
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
    holdRun: (id, status) => Effect.tap(runOf(id), (run) => runs.hold(run, status)),
    finishRun: (id, conclusion) => Effect.tap(runOf(id), (run) => runs.finish(run, conclusion)),
    cancelRun: (id, cancelled) => Effect.tap(runOf(id), (run) => runs.finish(run, "cancelled", cancelled)),
    beforeCancelled: (id, does) => void state.beforeCancelled.set(id, does),
    listen: (listener) => void state.listeners.push(listener),
    repositories: () =>
      [...state.repositories.values()].map(({ defaultBranch, name, owner }) => ({
        owner,
        repo: name,
        defaultBranch
      })),
    pullRequests: () => [...state.repositories.values()].flatMap(({ pulls }) => pulls),
    openPullRequest: ({ owner, repo, ...wanted }) =>
      Effect.flatMap(repositoryOf(owner, repo), (repository) => pulls.open(repository, wanted)),
    pushBranch: ({ branch, owner, repo, sha }) =>
      Effect.flatMap(repositoryOf(owner, repo), (repository) => pulls.push(repository, branch, sha)),
    filesOf: ({ branch, owner, repo }) =>
      Effect.map(repositoryOf(owner, repo), (repository) =>
        Object.fromEntries(filesOf(repository, repository.branches.get(branch) ?? "") ?? [])
      ),
    mergePullRequest: (ref) => Effect.flatMap(pullOf(ref), pulls.merge),
    closePullRequest: (ref) => Effect.flatMap(pullOf(ref), pulls.close),
    comment: ({ author, body, ...ref }) =>
      Effect.flatMap(pullOf(ref), (pull) => comments.write(pull, author, body)),
    editComment: Effect.fnUntraced(function* (id, body, millis) {
      const all = [...state.repositories.values()].flatMap((repository) => repository.comments)
      const found = all.find((comment) => comment.id === id)
      if (found === undefined) return yield* new Unknown({ message: `There is no comment ${id}.` })
      return yield* comments.edit(found, body, millis)
    }),
    setRole: ({ login, owner, repo, role }) =>
      Effect.map(repositoryOf(owner, repo), ({ collaborators }) => {
        if (role === null) collaborators.delete(login)
        else collaborators.set(login, role)
      }),
    artifacts: () => state.artifacts,
    uploadArtifact: (id, name, files) =>
      Effect.flatMap(runOf(id), (run) => artifacts.upload(run, name, files)),
    jobToken: Effect.fnUntraced(function* (id, wanted) {
      return yield* oidc.mint(jobOf(yield* runOf(id)), wanted)
    }),
    openJob: Effect.fnUntraced(function* (id) {
      return yield* oidc.open(jobOf(yield* runOf(id)))
    }),
    commentToken: Effect.fnUntraced(function* ({ owner, repo }, wanted) {
      const repository = yield* repositoryOf(owner, repo)
      const job = { repository, branch: repository.defaultBranch, runId: state.nextId++, runNumber: 1 }
      const workflow = { name: "AI-Implement comment", path: commentWorkflow }
      const of = { workflow, jobPath: commentWorkflow, event: "issue_comment", actor: owner } as const
      return yield* oidc.mint({ ...job, ...of }, wanted)
    }),
    oidcIssuer: oidc.issuer,
    putRepository: (options) =>
      Effect.map(Clock.currentTimeMillis, (now) => void putRepository(state, options, now)),
    removeRepository: ({ owner, repo }) => removeRepository(state, owner, repo),
    setConsistencyDelay: (millis) => void (state.consistencyDelay = millis),
    setCancelDelay: (millis) => void (state.cancelDelay = millis),
    setBudget: (to) => Effect.map(Clock.currentTimeMillis, (now) => limits.set(to, now)),
    install: auth.install,
    tokens: () =>
      auth.tokens().map(({ expiresAt, permissions, repositories, value }) => ({
        value,
        permissions,
        repositories: repositories.map(({ fullName }) => fullName),
        expiresAt
      })),
    revokeTokens: auth.revokeTokens
  }
}
