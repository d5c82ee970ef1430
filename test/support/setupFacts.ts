import type { SetupFacts } from "../../src/operations/Setup/facts.ts"

const silent = { secret: false, acceptedAt: null, refused: null }

/** Of a service that was started for the first time. */
export const setupFacts: SetupFacts = {
  publicUrl: null,
  pollingOnly: false,
  ownCall: null,
  reachedAt: null,
  proxy: null,
  githubWeb: "https://github.com",
  pickupLabel: "AI-Implement",
  app: { _tag: "NotConfigured", missing: ["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"] },
  workspace: { _tag: "NotConfigured", missing: ["LINEAR_API_KEY"] },
  webhooks: { linear: silent, github: silent },
  machines: null,
  mappings: [],
  paused: null,
  poller: { state: "off", lastPass: null },
  notifications: null,
  issues: [],
  latest: null,
  delivered: null,
  testIssue: null
}
