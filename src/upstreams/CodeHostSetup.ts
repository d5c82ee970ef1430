import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Repository } from "./CodeHost.ts"
import type { UpstreamError } from "./UpstreamError.ts"

export interface AppInstallation {
  readonly account: string
  /** Where its owner changes it. */
  readonly url: string
  readonly suspended: boolean
  /** Permissions that it lacks, as `actions: write`. */
  readonly missing: { readonly needed: ReadonlyArray<string>; readonly optional: ReadonlyArray<string> }
  readonly repositories: ReadonlyArray<Repository & { readonly defaultBranch: string }>
}

export interface AppOfHost {
  readonly name: string
  readonly url: string
  /** Where it is installed on repositories. */
  readonly installUrl: string
  readonly installations: ReadonlyArray<AppInstallation>
  /** Repositories beyond a limit were not listed. */
  readonly more: boolean
}

export interface CreatedApp {
  readonly appId: string
  readonly privateKey: Redacted.Redacted<string>
  readonly webhookSecret: Redacted.Redacted<string> | null
  readonly installUrl: string
}

/** What the set-up needs of the code host, besides what dispatching does. */
export class CodeHostSetup extends Context.Service<
  CodeHostSetup,
  {
    /** The App of our key, and where it is installed. */
    readonly app: Effect.Effect<AppOfHost, UpstreamError>
    /** Exchanges the code of a manifest for the App; possible once, so never sent again. */
    readonly convert: (code: string) => Effect.Effect<CreatedApp, UpstreamError>
  }
>()("ai-implement/upstreams/CodeHostSetup") {}
