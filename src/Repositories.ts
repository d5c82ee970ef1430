import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import type { PullRequest } from "./domain/Dispatch.ts"
import type { UpstreamError } from "./UpstreamError.ts"

export interface Repository {
  readonly owner: string
  readonly repo: string
}

/** The host of the target repositories: their pull requests, whatever the run was that made them. */
export class Repositories extends Context.Service<
  Repositories,
  {
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
  }
>()("ai-implement/Repositories") {}
