import * as DateTime from "effect/DateTime"
import type { DedupEntry } from "../../../src/domain/Dedup.ts"
import type { AuditEntry } from "../../../src/domain/Audit.ts"
import type { Question } from "../../../src/domain/Question.ts"
import type { Readiness } from "../../../src/domain/Readiness.ts"
import type { Secret } from "../../../src/domain/Secrets.ts"
import type { Session } from "../../../src/domain/Session.ts"
import type { Dispatch, DispatchEvent, Logs } from "../../../src/domain/Dispatch.ts"
import type { Issue } from "../../../src/domain/Issue.ts"
import { type Mapping, mappingDefaults } from "../../../src/domain/Mapping.ts"
import type { Overview } from "../../../src/domain/Overview.ts"
import type { Reason, ReasonTag } from "../../../src/domain/Reason.ts"
import type { RunnerModeState, SettingsState } from "../../../src/domain/Settings.ts"

export const now = DateTime.nowUnsafe()
export const ago = (seconds: number) => DateTime.subtract(now, { seconds })
export const ahead = (seconds: number) => DateTime.add(now, { seconds })

const uuid = (index: number) => `0190f000-0000-7000-8000-${String(index).padStart(12, "0")}`

export const dispatch = (index: number, changes: Partial<Dispatch> = {}): Dispatch => ({
  id: uuid(index),
  issueId: uuid(1000 + index),
  issueIdentifier: `ENG-${index}`,
  issueTitle: `Show the remaining quota beside the upload button, part ${index}`,
  issueUrl: `https://linear.example/ENG-${index}`,
  teamKey: "ENG",
  owner: "acme",
  repo: "webshop",
  phase: "implementation",
  attempt: 1,
  trigger: "poll",
  requestedBy: null,
  executionMode: "github-actions",
  runnerMode: "default",
  sessionMode: "autonomous",
  provider: "anthropic",
  awsRegion: null,
  workflowFile: "claude-implement.yml",
  ref: "main",
  branch: `ai-implement/eng-${index}-show-the-remaining-quota`,
  status: "running",
  waitingFor: null,
  stopRequestedAt: null,
  outcome: null,
  run: { kind: "github", id: 9000 + index, url: `https://github.example/acme/webshop/actions/runs/${index}` },
  pullRequest: null,
  costUsd: null,
  tokens: null,
  pending: [],
  reservedAt: ago(200 + index * 400),
  startedAt: ago(190 + index * 400),
  deadlineAt: ahead(3400),
  finishedAt: null,
  settledAt: null,
  ...changes
})

const ended = (index: number, changes: Partial<Dispatch>): Dispatch =>
  dispatch(index, {
    finishedAt: ago(20 + index * 400),
    settledAt: ago(18 + index * 400),
    deadlineAt: null,
    ...changes
  })

export const succeeded = (index: number) =>
  ended(index, {
    status: "succeeded",
    outcome: {
      kind: "delivered",
      reason: "pull_request",
      message: "Pull request #31 is ready for review.",
      facts: {}
    },
    pullRequest: {
      number: 31,
      url: "https://github.example/acme/webshop/pull/31",
      state: "open",
      draft: false
    },
    costUsd: 1.27,
    tokens: 481_220
  })

export const failed = (index: number) =>
  ended(index, {
    status: "failed",
    outcome: {
      kind: "failed",
      reason: "no_pull_request",
      message: "The run ended well, but no pull request was found in three looks within 5 minutes.",
      facts: {}
    }
  })

export const dispatches: ReadonlyArray<Dispatch> = [
  dispatch(1, { status: "reserved", run: null, startedAt: null, reservedAt: ago(2), deadlineAt: null }),
  dispatch(2, { status: "launching", run: null, startedAt: null, reservedAt: ago(8), deadlineAt: null }),
  dispatch(3),
  dispatch(4, { teamKey: "OPS", issueIdentifier: "OPS-118", owner: "acme", repo: "infrastructure" }),
  dispatch(5, { status: "stopping", stopRequestedAt: ago(12) }),
  dispatch(6, { status: "uncertain", run: null, startedAt: null }),
  succeeded(7),
  failed(8),
  ended(9, {
    status: "timed_out",
    attempt: 2,
    outcome: { kind: "timed_out", reason: "deadline", message: "Stopped after 60 minutes.", facts: {} }
  }),
  ended(10, {
    status: "cancelled",
    outcome: { kind: "cancelled", reason: "operator", message: "Cancelled by Kim.", facts: {} }
  }),
  ...Array.from({ length: 14 }, (_, index) => (index % 5 === 3 ? failed(11 + index) : succeeded(11 + index)))
]

const at = (seconds: number) => DateTime.add(ago(3200), { seconds })

/** One that ended, with every stage. */
export const settledDispatch: Dispatch = {
  ...succeeded(7),
  reservedAt: at(0),
  startedAt: at(14),
  finishedAt: at(412),
  settledAt: at(415)
}

export const events = (dispatchId: string): ReadonlyArray<DispatchEvent> =>
  [
    { at: at(0), type: "reserved", message: "Reserved by the poller", facts: { slots: "2 of 3" } },
    {
      at: at(1),
      type: "launching",
      message: "Sending the dispatch to GitHub",
      facts: { attempt: 1, workflow: "claude-implement.yml" }
    },
    {
      at: at(14),
      type: "running",
      message: "The run is known to exist",
      facts: { url: "https://github.example/acme/webshop/actions/runs/7" }
    },
    { at: at(15), type: "announced", message: "AI-Working is on the issue; state In Progress", facts: {} },
    { at: at(380), type: "run_ended", message: "The run ended; looking for its pull request", facts: {} },
    {
      at: at(412),
      type: "delivered",
      message: "Pull request #31 is ready for review.",
      facts: { reason: "pull_request" }
    },
    { at: at(415), type: "settled", message: "Everything is done", facts: {} }
  ].map((event, index) => ({ id: index + 1, dispatchId, actor: null, ...event }))

export const reasons: { readonly [Tag in ReasonTag]: Extract<Reason, { readonly _tag: Tag }> } = {
  globally_paused: { _tag: "globally_paused" },
  no_mapping: { _tag: "no_mapping", teamKey: "WEB" },
  paused: { _tag: "paused" },
  running: { _tag: "running", dispatchId: uuid(3), phase: "implementation", status: "running" },
  settling: { _tag: "settling", dispatchId: uuid(7), pending: ["comment"] },
  labelled_elsewhere: { _tag: "labelled_elsewhere", label: "AI-Working" },
  ready_for_review: { _tag: "ready_for_review" },
  open_pull_request: { _tag: "open_pull_request", url: "https://github.example/acme/webshop/pull/31" },
  blocked: {
    _tag: "blocked",
    by: [
      { identifier: "ENG-12", url: "https://linear.example/ENG-12" },
      { identifier: "ENG-13", url: "https://linear.example/ENG-13" }
    ],
    more: true
  },
  parked: { _tag: "parked", failures: 3, last: "The run failed in step Test." },
  waiting_approval: {
    _tag: "waiting_approval",
    planDispatchId: uuid(9),
    since: ago(600),
    ignoredLabel: true
  },
  dedup: { _tag: "dedup", until: ahead(7200) },
  backing_off: { _tag: "backing_off", until: ahead(300), failures: 2 },
  not_configured: { _tag: "not_configured", missing: ["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"] },
  provider_unsupported: { _tag: "provider_unsupported", provider: "bedrock", mode: "fly-machines" },
  repository_not_ready: {
    _tag: "repository_not_ready",
    problems: [{ _tag: "workflow_missing", message: "claude-implement.yml is not in the repository" }]
  },
  budget_low: { _tag: "budget_low", upstream: "github", until: ahead(900) },
  upstream_down: { _tag: "upstream_down", upstream: "linear", since: ago(90) },
  rate_brake: { _tag: "rate_brake", until: ahead(1200) },
  team_at_capacity: { _tag: "team_at_capacity", used: 3, cap: 3 },
  lost_race: { _tag: "lost_race" }
}

export const issue = (index: number, reason: Reason | null, changes: Partial<Issue> = {}): Issue => ({
  issueId: uuid(2000 + index),
  identifier: `ENG-${100 + index}`,
  title: `Keep the basket when the customer signs in, part ${index}`,
  url: `https://linear.example/ENG-${100 + index}`,
  teamKey: "ENG",
  priority: index % 5,
  state: { name: "Todo", type: "unstarted" },
  labels: ["AI-Implement"],
  decision: reason === null ? "dispatch" : "wait",
  phase: reason === null ? "implementation" : null,
  reason,
  since: ago(40 + index * 75),
  passId: uuid(1),
  dispatchId: reason === null ? uuid(3) : null,
  dedupExpiresAt: null,
  failures: { planning: 0, implementation: 0, backoffUntil: null, parkedAt: null },
  ...changes
})

export const issues: ReadonlyArray<Issue> = [
  issue(0, null),
  ...Object.values(reasons).map((reason, index) => issue(index + 1, reason))
]

export const mapping = (teamKey: string, changes: Partial<Mapping> = {}): Mapping => ({
  ...mappingDefaults,
  teamKey,
  owner: "acme",
  repo: "webshop",
  createdAt: ago(90_000),
  updatedAt: ago(5000),
  ...changes
})

export const mappings: ReadonlyArray<Mapping> = [
  mapping("ENG"),
  mapping("OPS", { repo: "infrastructure", maxInProgressAiIssues: 8, planningEnabled: false, paused: true }),
  mapping("DATA", {
    repo: "pipelines-for-the-warehouse-and-reporting",
    defaultBranch: "develop",
    provider: "bedrock",
    awsRegion: "eu-central-1",
    autoApprovePlans: false,
    extraEnv: { PNPM_VERSION: "10", TEST_SHARDS: "4" }
  }),
  mapping("MOB", { repo: "mobile", executionMode: "fly-machines" })
]

export const dedup: ReadonlyArray<DedupEntry> = [3, 4, 7].map((index) => ({
  issueId: uuid(1000 + index),
  issueIdentifier: `ENG-${index}`,
  issueTitle: dispatch(index).issueTitle,
  dispatchedAt: ago(index * 400),
  expiresAt: ahead(86_400 - index * 400)
}))

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

export const logs: Logs = {
  source: "runner",
  lines: ["Reading the issue", "npm test", "214 passed"].map((text, index) => ({
    at: ago(60 - index),
    text
  })),
  url: null
}

export const session = (index: number, changes: Partial<Session> = {}): Session => ({
  machineId: `4d89${index}`,
  name: `ai-implement-eng-${index}`,
  state: "started",
  region: "fra",
  cpus: 2,
  memoryMb: 4096,
  createdAt: ago(300 + index),
  updatedAt: ago(30),
  dispatchId: uuid(index),
  issueId: uuid(1000 + index),
  issueIdentifier: `ENG-${index}`,
  issueTitle: dispatch(index).issueTitle,
  teamKey: "ENG",
  repo: "acme/webshop",
  ...changes
})

export const sessions: ReadonlyArray<Session> = [
  session(3),
  session(4, { state: "starting" }),
  session(5, {
    dispatchId: null,
    issueId: null,
    issueIdentifier: null,
    issueTitle: null,
    teamKey: null,
    repo: null
  })
]

const kim = { name: "Kim", session: "0190f000", address: "127.0.0.1" }

export const auditEntry = (id: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  at: ago(20),
  actor: kim,
  action: "mapping.save",
  subject: "ENG",
  before: { repo: "webshop", maxInProgressAiIssues: 3, paused: false },
  after: { repo: "webshop", maxInProgressAiIssues: 5, paused: true },
  ...changes
})

export const audit: ReadonlyArray<AuditEntry> = [
  auditEntry(3),
  auditEntry(2, { at: ago(900), action: "setting.save", subject: "runnerMode", before: null, after: "gha" }),
  auditEntry(1, {
    at: ago(1200),
    actor: { name: null, session: null, address: null },
    action: "secret.set",
    subject: "ENG_API_KEY",
    before: null,
    after: null
  })
]

export const question = (index: number, changes: Partial<Question> = {}): Question => ({
  id: uuid(3000 + index),
  dispatchId: uuid(3),
  issueId: uuid(1003),
  issueIdentifier: "ENG-3",
  text: "Which of the two buttons is meant?",
  options: ["The upper one", "The lower one"],
  askedAt: ago(60),
  expiresAt: ahead(1200),
  answer: null,
  closedAt: null,
  ...changes
})

export const secrets: ReadonlyArray<Secret> = [
  { name: "ANTHROPIC_API_KEY", digest: "a1b2", createdAt: ago(9000), updatedAt: ago(800), unmanaged: false },
  { name: "OLD_TOKEN", digest: null, unmanaged: true }
]

export const readiness: Readiness = {
  ready: false,
  checkedAt: ago(3),
  checks: [
    { name: "repository", ok: true, message: "acme/webshop can be read", fix: null },
    {
      name: "workflow",
      ok: false,
      message: "claude-plan.yml is not on main",
      fix: "add it, or switch planning off"
    }
  ],
  templates: [{ file: "claude-implement.yml", installed: "1.1", current: "1.2" }]
}

export const openApi = {
  openapi: "3.1.0",
  info: { title: "AI-Implement", version: "0.1.0" },
  paths: {
    "/api/mappings": {
      post: {
        tags: ["mappings"],
        operationId: "mappings.save",
        summary: "Creates or updates a mapping",
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties: {
                  teamKey: { type: "string", maxLength: 32 },
                  paused: { type: "boolean" },
                  awsRegion: { anyOf: [{ type: "string" }, { type: "null" }] }
                },
                required: ["teamKey"]
              }
            }
          }
        },
        responses: {
          "200": { description: "Success" },
          "400": {
            description: "Invalid",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Invalid" } } }
          }
        }
      }
    },
    "/api/dispatches/{id}": {
      get: {
        tags: ["dispatches"],
        operationId: "dispatches.get",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        responses: { "200": { description: "Success" } }
      }
    },
    "/api/events": {
      get: {
        tags: ["events"],
        operationId: "events.stream",
        responses: { "200": { description: "Success", content: { "text/event-stream": { schema: {} } } } }
      }
    }
  },
  components: {
    schemas: { Invalid: { type: "object", properties: { error: { type: "string" } }, required: ["error"] } }
  }
}

export const runnerMode: RunnerModeState = {
  mode: "default",
  source: "default",
  storedMode: null,
  overriddenByEnv: false
}

export const settings: SettingsState = {
  flySessionsApp: {
    runtimeValue: "acme-sessions",
    storedValue: "acme-sessions",
    envValue: null,
    overriddenByEnv: false,
    restartRequired: false
  },
  flySessionsRegion: {
    runtimeValue: "fra",
    storedValue: "ams",
    envValue: "fra",
    overriddenByEnv: true,
    restartRequired: false
  }
}
