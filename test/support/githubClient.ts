import { assert, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as DateTime from "effect/DateTime"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { generateKeyPairSync } from "node:crypto"
import * as GitHub from "../../src/upstreams/github/GitHub.ts"
import { GitHubLimits } from "../../src/upstreams/github/limiter.ts"
import type { CodeHost } from "../../src/upstreams/CodeHost.ts"
import type { WorkflowLaunch, WorkflowRuns } from "../../src/upstreams/RunBackends.ts"
import { GitHub as Sandbox, type Options } from "../../src/sandbox/GitHub.ts"
import { type CallTimes, callTimes } from "./callTimes.ts"
import { workflowInputs } from "../../src/sandbox/github/workflowInputs.ts"
import { config } from "./config.ts"
import { askedOf, failing } from "./upstreamFailure.ts"
import { UpstreamCalls, upstreamsDouble } from "./upstreamsDouble.ts"
import { StoredDispatchId, StoredIssueId } from "../../src/domain/Ids.ts"

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 })
export const privateKey = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString()
export const publicKey = keys.publicKey.export({ type: "spki", format: "pem" }).toString()

export const web = { owner: "acme", repo: "web" }
export const workflowFile = "ai-implement.yml"
export const inputs = workflowInputs

export const dispatchId = "01936f3e-1111-7222-8333-944445555666"

export const place = { kind: "github", ...web } as const

export const request: WorkflowLaunch = {
  ...place,
  dispatchId: StoredDispatchId.make(dispatchId),
  issueId: StoredIssueId.make("5d1c0f6e-0000-4000-8000-000000000042"),
  issueIdentifier: "ENG-42",
  issueTitle: "Add search",
  issueDescription: "By title.",
  phase: "implementation",
  workflowFile,
  ref: "main",
  branch: "ai-implement/eng-42-add-search",
  provider: "anthropic",
  awsRegion: null,
  sessionMode: "autonomous",
  extraEnv: {},
  callbackUrl: null,
  prNumber: null,
  issueUrl: "https://linear.test/ENG-42",
  deadlineMinutes: 60,
  plan: null,
  comments: [],
  planFeedback: null,
  previousPlan: null,
  undeclaredInputs: [],
  proceed: Effect.succeed(true)
}

export interface Given extends CallTimes {
  readonly env?: Record<string, string>
  readonly options?: Partial<Options>
  /** Puts something between the client and the local GitHub; gives its address. */
  readonly between?: (url: string) => Effect.Effect<string, never, Scope.Scope>
  readonly limits?: { readonly concurrent: number; readonly points: number; readonly launches: number } | null
}

/** The real implementation on a local GitHub of its own. */
export const layer = ({
  between = Effect.succeed,
  env = {},
  options = {},
  limits = null,
  ...times
}: Given = {}) => {
  return Layer.unwrap(
    Effect.map(Sandbox.pipe(Effect.flatMap(({ url }) => between(url))), (url) =>
      GitHub.layer.pipe(
        Layer.provide(
          config({ GITHUB_APP_ID: "7", GITHUB_APP_PRIVATE_KEY: privateKey, GITHUB_API_URL: url, ...env })
        ),
        Layer.provide(callTimes(times)),
        Layer.provide(Layer.succeed(GitHubLimits, limits))
      )
    )
  ).pipe(
    Layer.provideMerge(
      Layer.merge(
        Sandbox.layer({
          apps: [{ appId: 7, key: publicKey }],
          repositories: [
            { ...web, workflows: [{ file: workflowFile, name: "AI-Implement", inputs }] },
            { owner: "acme", repo: "api", workflows: [{ file: workflowFile, name: "AI-Implement", inputs }] },
            {
              owner: "acme",
              repo: "old",
              workflows: [{ file: workflowFile, name: "Old", inputs: ["issue_id"] }]
            }
          ],
          agent: "manual",
          ...options
        }),
        upstreamsDouble
      )
    )
  )
}

/** A test on a fresh GitHub that breaks nothing of its contract. */
export const live = <E>(
  name: string,
  test: Effect.Effect<void, E, WorkflowRuns | CodeHost | Sandbox | UpstreamCalls>,
  given?: Given
) =>
  it.live(name, () =>
    Effect.andThen(
      test,
      Effect.map(Sandbox, ({ control }) => {
        assert.deepStrictEqual(control.violations(), [])
      })
    ).pipe(Effect.provide(layer(given)))
  )

export const { failureOf, reasonOf } = failing("github", /ghs_|Bearer|\?|\{|undefined|By title/)

/** The operations asked for since the last look, in order. */
export const asked = Effect.map(Sandbox, ({ control }) => askedOf(control))

export const aWhileAgo = Effect.map(Clock.currentTimeMillis, (now) => DateTime.makeUnsafe(now - 60_000))
