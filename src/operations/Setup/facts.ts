import type * as DateTime from "effect/DateTime"
import type { Dispatch } from "../../domain/Dispatch.ts"
import type { Issue } from "../../domain/Issue.ts"
import type { Overview } from "../../domain/Overview.ts"
import type { Readiness } from "../../domain/Readiness.ts"
import type { TestIssue } from "../../domain/Setup.ts"
import type { AppOfHost } from "../../upstreams/CodeHostSetup.ts"
import type { Workspace } from "../../upstreams/TrackerSetup.ts"

/** What an upstream answered to the set-up; `missing` settings prevent the call. */
export type Reading<A> =
  | { readonly _tag: "Known"; readonly value: A }
  | { readonly _tag: "NotConfigured"; readonly missing: ReadonlyArray<string> }
  | { readonly _tag: "Failed"; readonly message: string }

export interface WebhookFacts {
  /** Its signing secret is set. */
  readonly secret: boolean
  readonly acceptedAt: DateTime.Utc | null
  readonly refused: { readonly at: DateTime.Utc; readonly message: string } | null
}

export interface MappingFacts {
  readonly teamKey: string
  readonly owner: string
  readonly repo: string
  /** A sentence where the check failed. */
  readonly readiness: Readiness | string
  /** The open pull request with our files. */
  readonly proposal: { readonly number: number; readonly url: string } | null
}

export interface SetupFacts {
  readonly publicUrl: string | null
  readonly pollingOnly: boolean
  /** Why our own call through `publicUrl` failed; null: it was answered. */
  readonly ownCall: string | null
  /** When a webhook or a run reached us last. */
  readonly reachedAt: DateTime.Utc | null
  readonly proxy: string | null
  readonly githubWeb: string
  readonly pickupLabel: string
  readonly app: Reading<AppOfHost>
  readonly workspace: Reading<Workspace>
  readonly webhooks: { readonly linear: WebhookFacts; readonly github: WebhookFacts }
  /** What session machines lack; null where none are used. */
  readonly machines: {
    readonly missing: Overview["setup"]
    readonly fly: { readonly ok: boolean; readonly message: string } | null
  } | null
  readonly mappings: ReadonlyArray<MappingFacts>
  readonly paused: Overview["paused"]
  readonly poller: Pick<Overview["poller"], "state" | "lastPass">
  readonly notifications: Overview["notifications"] | null
  readonly issues: ReadonlyArray<Issue>
  readonly latest: Dispatch | null
  readonly delivered: Dispatch | null
  readonly testIssue: TestIssue | null
}
