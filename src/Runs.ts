import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import type { PullRequest, Run } from "./domain/Dispatch.ts"
import type { Phase, Provider, SessionMode } from "./domain/Modes.ts"
import type { UpstreamError } from "./UpstreamError.ts"

export interface Repository {
  readonly owner: string
  readonly repo: string
}

export interface LaunchRequest extends Repository {
  readonly dispatchId: string
  readonly issueId: string
  readonly issueIdentifier: string
  readonly issueTitle: string
  readonly issueDescription: string | null
  readonly phase: Phase
  readonly workflowFile: string
  readonly ref: string
  readonly branch: string
  readonly provider: Provider
  readonly awsRegion: string | null
  readonly sessionMode: SessionMode
  readonly extraEnv: Record<string, string>
  readonly callbackUrl: string | null
  /** The open pull request that the run continues. */
  readonly prNumber?: number | null
  /** Inputs the workflow is known not to declare: left out. */
  readonly undeclaredInputs: ReadonlyArray<string>
  /** Asked when all is at hand and the request would leave now; `false` means it does not (`not_sent`). */
  readonly proceed: Effect.Effect<boolean>
}

export interface ObservedRun {
  readonly run: Run
  /** The dispatch named in the run's title, if any. */
  readonly dispatchId: string | null
  readonly state: "queued" | "running" | "completed"
  readonly conclusion: "success" | "failure" | "cancelled" | "timed_out" | "other" | null
  readonly createdAt: DateTime.Utc
  readonly startedAt: DateTime.Utc | null
}

/** The execution backend: starts, observes and stops runs. */
export class Runs extends Context.Service<
  Runs,
  {
    /** Sent once, never retried by a client. `null`: accepted without saying which run. */
    readonly launch: (request: LaunchRequest) => Effect.Effect<Run | null, UpstreamError>
    /** Runs since `since` that carry the dispatch id, oldest first. An empty answer proves nothing by itself. */
    readonly find: (
      query: Repository & { readonly dispatchId: string; readonly since: DateTime.Utc }
    ) => Effect.Effect<ReadonlyArray<ObservedRun>, UpstreamError>
    /** Our runs of a repository since `since`: one conditional request, plus one for each of `ids` it left out. */
    readonly list: (
      query: Repository & { readonly since: DateTime.Utc; readonly ids: ReadonlyArray<number> }
    ) => Effect.Effect<ReadonlyArray<ObservedRun>, UpstreamError>
    /** Asks a run to stop; one that has ended already is fine. `force` when asking was not enough. */
    readonly stop: (
      query: Repository & { readonly run: Run; readonly force: boolean }
    ) => Effect.Effect<void, UpstreamError>
    /** The pull request of a branch, else the newest since `since` whose branch or title begins with the identifier. */
    readonly pullRequest: (
      query: Repository & {
        readonly branch: string
        readonly issueIdentifier: string
        readonly since: DateTime.Utc
      }
    ) => Effect.Effect<(PullRequest & { readonly branch: string }) | null, UpstreamError>
    /** The given pull requests as they are now: one conditional list of the open ones, one read for each that left it. */
    readonly pullRequests: (
      query: Repository & { readonly numbers: ReadonlyArray<number> }
    ) => Effect.Effect<ReadonlyArray<PullRequest>, UpstreamError>
    /** A call that costs no budget and tells whether the backend answers. */
    readonly probe: Effect.Effect<void, UpstreamError>
  }
>()("ai-implement/Runs") {}
