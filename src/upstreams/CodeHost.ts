import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { PullRequest } from "../domain/Dispatch.ts"
import type { UpstreamError } from "./UpstreamError.ts"

export interface Repository {
  readonly owner: string
  readonly repo: string
}

/** Repository names as the code host compares them: without case. */
export const sameRepositoryName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

export const sameRepository = (a: Repository, b: Repository) =>
  sameRepositoryName(`${a.owner}/${a.repo}`, `${b.owner}/${b.repo}`)

/** A file of a repository; `text` is null when the query did not ask for it or it is too large. */
export interface RepositoryFile {
  readonly path: string
  readonly text: string | null
}

/** The state of a repository before anything is dispatched to it. */
export type Inspection =
  /** The App is not installed on it, or there is no such repository. */
  | { readonly _tag: "NotInstalled" }
  | { readonly _tag: "Suspended" }
  /** The installation lacks required permissions. */
  | { readonly _tag: "Forbidden"; readonly missing: ReadonlyArray<string> }
  /** The host refuses to show it; `message` gives the reason. */
  | { readonly _tag: "Refused"; readonly message: string }
  | {
      readonly _tag: "Seen"
      readonly id: number
      readonly archived: boolean
      /** What the installation may do: `contents` → `write`. */
      readonly permissions: Readonly<Record<string, string>>
      /** Whether the branch of the query exists. */
      readonly branch: boolean
      /** The files of the branch, in the folders of the query. */
      readonly files: ReadonlyArray<RepositoryFile>
      /** Workflow files of the query as the host knows them from its default branch. */
      readonly workflows: Readonly<Record<string, "active" | "disabled" | "missing">>
      /** Names of the secrets that workflows receive; null when they may not be listed. */
      readonly secrets: ReadonlyArray<string> | null
    }

/** A comment on the issue or pull request of that number; `author` is null when the account no longer exists. */
export interface PullRequestComment {
  readonly number: number
  readonly author: string | null
  readonly body: string
  readonly edited: boolean
}

/** A branch as it is now, with some of its files. */
export interface Snapshot {
  /** The branch that the host lists workflows from. */
  readonly defaultBranch: string
  /** The commit of the branch; null: there is no such branch. */
  readonly head: string | null
  /** The text of each file that was asked for and is there. */
  readonly files: ReadonlyMap<string, string>
}

export interface Proposal {
  readonly number: number
  readonly url: string
  readonly base: string
}

export interface ProposedChange {
  readonly branch: string
  readonly base: string
  /** The commit that the change comes after. */
  readonly parent: string
  /** The open pull request of the branch, which gets the change; null: a new one. */
  readonly proposal: Proposal | null
  readonly files: ReadonlyArray<{ readonly path: string; readonly content: string }>
  readonly message: string
  readonly title: string
  readonly body: string
}

export interface WorkToken {
  readonly token: Redacted.Redacted<string>
  readonly expiresAt: DateTime.Utc
}

/** The host of the target repositories: their pull requests, comments, files and artifacts. */
export class CodeHost extends Context.Service<
  CodeHost,
  {
    /** The text of the one file in the artifact of that name; null when no artifact can be used. */
    readonly artifact: (
      query: Repository & { readonly runId: number; readonly name: string }
    ) => Effect.Effect<string | null, UpstreamError>
    /** The id of the repository: it survives a rename, and differs when the name is reused. */
    readonly id: (repository: Repository) => Effect.Effect<number, UpstreamError>
    /**
     * The pull request with the number; else that of the branch; else one that carries the identifier. Opened since
     * `since`, or open and of the branch.
     */
    readonly pullRequest: (
      query: Repository & {
        readonly branch: string
        readonly issueIdentifier: string
        readonly since: DateTime.Utc
        readonly number?: number | null
      }
    ) => Effect.Effect<(PullRequest & { readonly branch: string }) | null, UpstreamError>
    /** The given pull requests as they are now: one conditional list of the open ones, one read for each that left it. */
    readonly pullRequests: (
      query: Repository & { readonly numbers: ReadonlyArray<number> }
    ) => Effect.Effect<ReadonlyArray<PullRequest>, UpstreamError>
    /** A pull request with its branch and its head commit, and whether they lie in another repository; null: there is none. */
    readonly head: (
      query: Repository & { readonly number: number }
    ) => Effect.Effect<
      (PullRequest & { readonly branch: string; readonly sha: string; readonly fork: boolean }) | null,
      UpstreamError
    >
    /** A comment as it is now; null: there is none. */
    readonly comment: (
      query: Repository & { readonly id: number }
    ) => Effect.Effect<PullRequestComment | null, UpstreamError>
    /** A new token that may write contents and pull requests of this repository only; never stored. */
    readonly workToken: (repository: Repository) => Effect.Effect<WorkToken, UpstreamError>
    /** A branch with the texts of these files. */
    readonly snapshot: (
      query: Repository & { readonly branch: string; readonly paths: ReadonlyArray<string> }
    ) => Effect.Effect<Snapshot, UpstreamError>
    /** The open pull request of a branch of the repository; null: there is none. */
    readonly proposal: (
      query: Repository & { readonly branch: string }
    ) => Effect.Effect<Proposal | null, UpstreamError>
    /** Permissions that `propose` needs and the App lacks. */
    readonly missingToPropose: (repository: Repository) => Effect.Effect<ReadonlyArray<string>, UpstreamError>
    /** Commits files, workflow files too, to a branch and opens its pull request or updates it. */
    readonly propose: (query: Repository & ProposedChange) => Effect.Effect<Proposal, UpstreamError>
    /** Whether a person may write to the repository, at least. */
    readonly mayWrite: (
      query: Repository & { readonly login: string }
    ) => Effect.Effect<boolean, UpstreamError>
    /** Inspects a repository by conditional reads. Anything missing is an answer; an error means that the state is not known now. */
    readonly inspect: (
      query: Repository & {
        readonly branch: string
        /** File names in `.github/workflows`: read, and looked up as workflows. */
        readonly workflows: ReadonlyArray<string>
        readonly files: ReadonlyArray<string>
      }
    ) => Effect.Effect<Inspection, UpstreamError>
  }
>()("ai-implement/upstreams/CodeHost") {}
