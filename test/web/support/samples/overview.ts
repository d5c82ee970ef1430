import type { Overview } from "../../../../src/domain/Overview.ts"
import { ago, ahead, uuid } from "./times.ts"

export const overview: Overview = {
  version: "0.1.0",
  startedAt: ago(93_600),
  paused: null,
  poller: {
    state: "idle",
    holder: "127.0.0.1:34431",
    lastPass: {
      id: uuid(1),
      startedAt: ago(23),
      finishedAt: ago(22),
      ok: true,
      candidates: 22,
      dispatched: 1,
      error: null
    },
    lastGoodAt: ago(22),
    nextAt: ahead(37)
  },
  teams: [
    { teamKey: "ENG", used: 3, cap: 3, waiting: 9, paused: false },
    { teamKey: "OPS", used: 1, cap: 8, waiting: 2, paused: true },
    { teamKey: "DATA", used: 0, cap: 3, waiting: 0, paused: false },
    { teamKey: "MOB", used: 2, cap: 60, waiting: 1, paused: false }
  ],
  waiting: [
    { reason: "team_at_capacity", count: 7 },
    { reason: "blocked", count: 3 },
    { reason: "running", count: 2 },
    { reason: "parked", count: 1 },
    { reason: "waiting_approval", count: 1 }
  ],
  outcomes24h: Array.from({ length: 22 }, (_, index) => ({
    hour: ago(3600 * (23 - index)),
    delivered: (index * 7) % 5,
    failed: index % 4 === 1 ? 1 : 0,
    lost: index === 9 ? 1 : 0,
    timed_out: index === 14 ? 1 : 0,
    cancelled: index === 5 ? 2 : 0
  })),
  notifications: { pending: 0, setAside: 0, lastError: null },
  upstreams: [
    {
      name: "linear",
      state: "ok",
      since: ago(93_000),
      error: null,
      budgets: [
        { kind: "requests", limit: 5000, remaining: 4712, resetAt: ahead(1800) },
        { kind: "complexity", limit: 3_000_000, remaining: 2_801_330, resetAt: ahead(1800) }
      ]
    },
    {
      name: "github",
      state: "degraded",
      since: ago(70),
      error: "GitHub answered 502 twice in the last minute; reads are repeated, no dispatch is lost.",
      budgets: [{ kind: "requests", limit: 5000, remaining: 312, resetAt: ahead(900) }]
    },
    { name: "fly", state: "off", since: ago(93_600), error: null, budgets: [] }
  ],
  setup: [],
  settings: [
    { name: "PICKUP_LABEL", value: "AI-Implement", source: "default" },
    { name: "POLL_INTERVAL_MS", value: "60000", source: "env" },
    { name: "RUNNER_MODE", value: "default", source: "db" }
  ]
}

export const emptyOverview: Overview = {
  ...overview,
  teams: [],
  waiting: [],
  outcomes24h: [],
  poller: { state: "off", holder: null, lastPass: null, lastGoodAt: null, nextAt: null },
  setup: [
    {
      setting: "LINEAR_API_KEY",
      neededFor: "finding issues",
      message: "Create a personal API key in Linear under Settings, Security & access, and set it here."
    },
    {
      setting: "GITHUB_APP_ID",
      neededFor: "dispatching to GitHub Actions",
      message: "Install a GitHub App with read and write access to actions, contents and pull requests."
    }
  ]
}
