import * as Context from "effect/Context"
import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { UpstreamError } from "./UpstreamError.ts"
import type { IssueComment } from "../domain/RunnerMessages.ts"
import type { IssueId, TeamKey } from "../domain/Ids.ts"

export interface TrackedIssue {
  readonly id: IssueId
  readonly identifier: string
  readonly title: string
  readonly description: string | null
  readonly url: string
  /** 0 none, 1 urgent, 2 high, 3 medium, 4 low. */
  readonly priority: number
  readonly createdAt: DateTime.Utc
  readonly updatedAt: DateTime.Utc
  /** Names of the labels we know: the pickup label and our own. */
  readonly labels: ReadonlyArray<string>
  readonly state: { readonly id: string; readonly name: string; readonly type: string }
  readonly team: { readonly id: string; readonly key: TeamKey }
  /** Issues that block this one and are neither completed nor canceled. */
  readonly blockedBy: ReadonlyArray<{ readonly identifier: string; readonly url: string }>
  readonly moreBlockers: boolean
  /** What of it the tracker did not show; the fields that depend on it are empty. */
  readonly unreadable?: string
}

export interface PageRequest {
  readonly pickupLabel: string
  readonly first: number
  readonly after: string | null
  /** Issue ids (≤ 50) to read whatever their labels and state; only sent with the first page. */
  readonly tracked: ReadonlyArray<string>
}

export interface IssuePage {
  readonly candidates: ReadonlyArray<TrackedIssue>
  readonly tracked: ReadonlyArray<TrackedIssue>
  /** Candidates and tracked issues of which something cannot be read; they are in no other list. */
  readonly unreadable: ReadonlyArray<TrackedIssue & { readonly candidate: boolean }>
  readonly endCursor: string | null
}

export interface IssueChange {
  readonly issueId: IssueId
  readonly teamId: string
  readonly add: ReadonlyArray<string>
  readonly remove: ReadonlyArray<string>
  /** Move to the team's first started state if the issue is, read just before, in triage, backlog or unstarted. */
  readonly start: boolean
}

export interface Reply {
  readonly commentId: string
  readonly text: string
  readonly by: string
  readonly at: DateTime.Utc
}

export interface TeamLabel {
  readonly name: string
  readonly isGroup: boolean
  readonly retired: boolean
  /** The group of which an issue may have one label; null without one. */
  readonly exclusiveGroup: string | null
}

/** What people say around an issue. */
export interface Discussion {
  readonly parent: { readonly identifier: string; readonly title: string } | null
  /** The newest comments of people, oldest first; without those of bots and our own. */
  readonly comments: ReadonlyArray<IssueComment>
}

/** The tracker: the source of issues, and where their progress is reported. */
export class Tracker extends Context.Service<
  Tracker,
  {
    /** One request: a page of open issues with the pickup label, plus the tracked ones. */
    readonly page: (request: PageRequest) => Effect.Effect<IssuePage, UpstreamError>
    /** One issue by id or identifier; `NotFound` when it does not exist. */
    readonly get: (issue: string) => Effect.Effect<TrackedIssue, UpstreamError>
    /** Whether an issue was deleted or archived, by its id. */
    readonly isGone: (issueId: IssueId) => Effect.Effect<boolean, UpstreamError>
    /** Our labels as issues of a team have them; without those that are created when they are needed; as read at most `maxAge` ago. */
    readonly labels: (
      teamKey: TeamKey,
      maxAge: Duration.Duration
    ) => Effect.Effect<ReadonlyArray<TeamLabel>, UpstreamError>
    /** Labels and state in one mutation, after a refusal in parts; labels by name, created in the team when missing. Returns the labels after it. */
    readonly change: (change: IssueChange) => Effect.Effect<ReadonlyArray<string>, UpstreamError>
    /** A comment with a client-made UUID; the same id again succeeds without a second comment. */
    readonly comment: (comment: {
      readonly id: string
      readonly issueId: IssueId
      readonly body: string
      /** The comment that it replies to. */
      readonly parentId?: string
    }) => Effect.Effect<void, UpstreamError>
    /** One request: the replies of people to these comments, oldest first. `ours`: ids of our own, since the user of the key writes too. */
    readonly replies: (query: {
      readonly commentIds: ReadonlyArray<string>
      readonly ours: ReadonlyArray<string>
    }) => Effect.Effect<ReadonlyArray<Reply>, UpstreamError>
    /** One request: the parent of an issue and its newest comments but `ours`, at most `maxContextComments`. */
    readonly discussion: (query: {
      readonly issueId: IssueId
      readonly ours: ReadonlyArray<string>
    }) => Effect.Effect<Discussion, UpstreamError>
    /** A cheap call that shows whether the tracker answers. */
    readonly probe: Effect.Effect<void, UpstreamError>
  }
>()("ai-implement/upstreams/Tracker") {}
