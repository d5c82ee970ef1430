import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { IssueId } from "../domain/Ids.ts"
import type { UpstreamError } from "./UpstreamError.ts"

export interface Workspace {
  readonly name: string
  /** Whose key it is. */
  readonly viewer: string
  /** The page where an operator finds its API settings. */
  readonly apiPage: string
  readonly teams: ReadonlyArray<{ readonly id: string; readonly key: string; readonly name: string }>
  /** The teams that may use the pickup label; null: all of them. */
  readonly labelled: ReadonlyArray<string> | null
  /** Webhooks of the workspace; null: the key may not list them. */
  readonly webhooks: ReadonlyArray<{ readonly url: string; readonly enabled: boolean }> | null
}

export interface CreatedIssue {
  readonly id: IssueId
  readonly identifier: string
  readonly url: string
}

/** What the set-up needs of the tracker, besides what dispatching does. */
export class TrackerSetup extends Context.Service<
  TrackerSetup,
  {
    readonly workspace: Effect.Effect<Workspace, UpstreamError>
    /** A webhook of all public teams to `url`, signed with `secret`. */
    readonly createWebhook: (webhook: {
      readonly url: string
      readonly secret: Redacted.Redacted<string>
    }) => Effect.Effect<void, UpstreamError>
    readonly createLabel: (label: {
      readonly teamId: string
      readonly name: string
    }) => Effect.Effect<void, UpstreamError>
    /** With the pickup label; a client-made UUID v4, so that the same call again finds the same issue. */
    readonly createIssue: (issue: {
      readonly id: IssueId
      readonly teamId: string
      readonly title: string
      readonly description: string
    }) => Effect.Effect<CreatedIssue, UpstreamError>
    /** Moves an issue to the trash. */
    readonly removeIssue: (id: IssueId) => Effect.Effect<void, UpstreamError>
  }
>()("ai-implement/upstreams/TrackerSetup") {}
