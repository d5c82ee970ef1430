import * as Effect from "effect/Effect"
import { generateKeyPairSync } from "node:crypto"
import { Fly, type Options as FlyOptions } from "../../src/sandbox/Fly.ts"
import { GitHub, type Options as GitHubOptions } from "../../src/sandbox/GitHub.ts"
import { planningInputs, workflowInputs } from "../../src/sandbox/github/workflowInputs.ts"
import * as Linear from "../../src/sandbox/Linear.ts"
import type { Seed } from "../../src/sandbox/linear/seed.ts"

const apiKey = "lin_api_test"
const flyToken = "FlyV1 fm2_test"
const sessionsApp = "sessions"
const keyUserId = "7f0c3c0e-6f0b-4f0e-9a53-6f3f9f1c0a01"
const personId = "7f0c3c0e-6f0b-4f0e-9a53-6f3f9f1c0a02"

const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" }
})

export const emptySeed: Seed = {
  organization: { name: "Test", urlKey: "test" },
  users: [
    { id: keyUserId, name: "AI-Implement", email: "automation@test.test" },
    { id: personId, name: "Person", email: "person@test.test" }
  ],
  teams: [
    { key: "ENG", name: "Engineering" },
    { key: "WEB", name: "Web" }
  ],
  labels: ["AI-Implement"],
  issues: []
}

export interface WorldOptions {
  readonly seed?: Seed
  readonly github?: Partial<GitHubOptions>
  /** Sets up the session machines, which wait to be started. */
  readonly fly?: Partial<FlyOptions>
}

/** A local Linear, a local GitHub (agent: manual) and a local Fly, and the environment of a service that uses them. */
export const makeWorld = Effect.fn("makeWorld")(function* ({
  seed = emptySeed,
  github = {},
  fly
}: WorldOptions = {}) {
  const linear = yield* Linear.make({ apiKeys: [{ key: apiKey, userId: keyUserId }], seed })
  const upstream = yield* GitHub.make({
    agent: "manual",
    apps: [{ appId: 1, key: publicKey }],
    repositories: [
      {
        owner: "acme",
        repo: "app",
        workflows: [
          { file: "claude-implement.yml", name: "Implement", inputs: workflowInputs },
          { file: "claude-plan.yml", name: "Plan", inputs: planningInputs }
        ]
      }
    ],
    ...github
  })
  const machines = yield* Fly.make({
    tokens: [{ token: flyToken }],
    apps: [sessionsApp],
    start: "manual",
    speed: 50,
    rateLimits: false,
    ...fly
  })
  const env: Record<string, string> = {
    LINEAR_API_KEY: apiKey,
    LINEAR_API_URL: linear.url,
    GITHUB_APP_ID: "1",
    GITHUB_APP_PRIVATE_KEY: privateKey,
    GITHUB_API_URL: upstream.url,
    GITHUB_OIDC_ISSUER: upstream.oidcIssuer(),
    ADMIN_ACCESS_CODE: "a-code-of-the-tests-only",
    MAX_DISPATCHES_PER_HOUR: "0",
    POLL_INTERVAL_MS: "1000",
    HOST: "127.0.0.1",
    PORT: "0",
    FLY_API_URL: machines.apiUrl,
    ...(fly !== undefined && {
      FLY_SESSIONS_TOKEN: flyToken,
      FLY_SESSIONS_APP: sessionsApp,
      SESSION_IMAGE: "images.test/session:1",
      PUBLIC_URL: "https://ai-implement.test"
    })
  }
  /** How often the state of an issue was changed to the one of this name. */
  const moves = (identifier: string, to = "In Progress") => {
    const { id } = linear.control.issueByIdentifier(identifier) ?? {}
    return [...linear.store.history.values()].filter(
      ({ issueId, toStateId = "" }) => issueId === id && linear.store.states.get(toStateId)?.name === to
    ).length
  }
  return { linear: linear.control, github: upstream, fly: machines, env, moves }
})
