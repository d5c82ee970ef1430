import { createAppAuth } from "@octokit/auth-app"
import * as Cache from "effect/Cache"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Repository } from "../CodeHost.ts"
import { UpstreamTime } from "../client/upstreamText.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { UpstreamCall } from "../client/errors.ts"
import { badKey } from "./errors.ts"

export interface Credentials {
  readonly appId: string
  readonly privateKey: Redacted.Redacted<string>
}

/** The permissions of each kind of token: follow runs, list the names of secrets, read annotations, propose our files, or push a run's work. */
export const permissions = {
  runs: { actions: "write", contents: "read", metadata: "read", pull_requests: "read" },
  secrets: { metadata: "read", secrets: "read" },
  checks: { checks: "read", metadata: "read" },
  sync: { contents: "write", metadata: "read", pull_requests: "write", workflows: "write" },
  work: { contents: "write", metadata: "read", pull_requests: "write" }
} as const
export type Scope = keyof typeof permissions

export interface TokenKey extends Repository {
  readonly scope: Scope
}

export interface Token {
  readonly value: Redacted.Redacted<string>
  readonly usableFor: Duration.Duration
}

export const Installation = Schema.Struct({ id: Schema.Int })
export const IssuedToken = Schema.Struct({ token: Schema.String, expires_at: UpstreamTime })

const margin = Duration.minutes(5)
const maxTokens = 1000

/** Signs as the App: valid from a minute ago for nine more minutes, so that clocks may differ. */
export const makeSigner = ({ appId, privateKey }: Credentials) => {
  const auth = createAppAuth({ appId, privateKey: Redacted.value(privateKey), timeDifference: -30 })
  return (call: UpstreamCall): Effect.Effect<string, UpstreamError> =>
    Effect.tryPromise({ try: () => auth({ type: "app" }), catch: () => badKey(call) }).pipe(
      Effect.map(({ token }) => `Bearer ${token}`)
    )
}

const separator = " "

export const nameOf = ({ owner, repo, scope }: TokenKey) => [scope, owner, repo].join(separator)

const isScope = (name: string | undefined): name is Scope => name !== undefined && name in permissions

const keyOf = (name: string): TokenKey => {
  const [scope, owner = "", repo = ""] = name.split(separator)
  return { scope: isScope(scope) ? scope : "runs", owner, repo }
}

/** One token for each repository and scope, requested once for all waiting calls, and dropped 5 min before it expires. */
export const makeTokens = (issue: (key: TokenKey) => Effect.Effect<typeof IssuedToken.Type, UpstreamError>) =>
  Cache.makeWith(
    (name: string) =>
      Effect.zipWith(issue(keyOf(name)), Clock.currentTimeMillis, ({ token, expires_at }, now): Token => ({
        value: Redacted.make(token),
        usableFor: Duration.subtract(Duration.millis(expires_at.epochMilliseconds - now), margin)
      })),
    {
      capacity: maxTokens,
      timeToLive: (exit) => (Exit.isSuccess(exit) ? exit.value.usableFor : Duration.zero)
    }
  )
