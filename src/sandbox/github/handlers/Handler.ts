import type * as Effect from "effect/Effect"
import type { Response } from "../../Upstream.ts"
import type { App, Auth, Token } from "../Auth.ts"
import type { Parameters } from "../Contract.ts"
import type { Refused } from "../errors.ts"
import type { Manifests } from "../Manifests.ts"
import type { Pulls } from "../Pulls.ts"
import type { RateLimit } from "../RateLimit.ts"
import type { Runs } from "../Runs.ts"
import type { Repository, State } from "../State.ts"

export interface Platform {
  readonly state: State
  readonly auth: Auth
  readonly runs: Runs
  readonly pulls: Pulls
  readonly limits: RateLimit
  readonly manifests: Manifests
}

export interface UpstreamCall extends Platform {
  readonly base: string
  readonly url: URL
  readonly apiVersion: string
  readonly now: number
  readonly parameters: Parameters
  readonly body: Readonly<Record<string, unknown>>
}

type Answer = Effect.Effect<Response, Refused>

export type Handler =
  | { readonly by: "anyone"; readonly handle: (call: UpstreamCall) => Answer }
  | { readonly by: "app"; readonly handle: (call: UpstreamCall & { readonly app: App }) => Answer }
  | {
      readonly by: "token"
      readonly free?: true
      readonly handle: (call: UpstreamCall & { readonly token: Token }) => Answer
    }
  | {
      readonly by: "repository"
      readonly needs: readonly [permission: string | ReadonlyArray<string>, level: "read" | "write"]
      readonly handle: (
        call: UpstreamCall & { readonly token: Token; readonly repository: Repository }
      ) => Answer
    }

export const textOf = (parameters: Parameters, name: string) => {
  const value = parameters[name]
  return value === undefined ? undefined : String(value)
}
