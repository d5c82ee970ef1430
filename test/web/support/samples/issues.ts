import type { DedupEntry } from "../../../../src/domain/Dedup.ts"
import type { Issue } from "../../../../src/domain/Issue.ts"
import type { Reason, ReasonTag } from "../../../../src/domain/Reason.ts"
import { dispatch } from "./dispatches.ts"
import { ago, ahead, uuid } from "./times.ts"

export const reasons: { readonly [Tag in ReasonTag]: Extract<Reason, { readonly _tag: Tag }> } = {
  globally_paused: { _tag: "globally_paused" },
  no_mapping: { _tag: "no_mapping", teamKey: "WEB" },
  paused: { _tag: "paused" },
  waiting_answer: {
    _tag: "waiting_answer",
    dispatchId: uuid(3),
    questionId: uuid(31),
    expiresAt: ahead(1500)
  },
  running: { _tag: "running", dispatchId: uuid(3), phase: "implementation", status: "running" },
  settling: { _tag: "settling", dispatchId: uuid(7), pending: ["comment"] },
  unreadable: { _tag: "unreadable", what: "blockers" },
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
  held: { _tag: "held", by: "Kim", at: ago(120) },
  parked: { _tag: "parked", failures: 3, last: "The run failed in step Test." },
  waiting_approval: {
    _tag: "waiting_approval",
    planDispatchId: uuid(9),
    since: ago(600),
    ignoredLabel: true
  },
  dedup: { _tag: "dedup", until: ahead(7200) },
  backing_off: { _tag: "backing_off", until: ahead(300), failures: 2 },
  tracker_not_ready: {
    _tag: "tracker_not_ready",
    problems: [{ _tag: "label_retired", message: "The label AI-Working is retired in Linear." }]
  },
  not_configured: { _tag: "not_configured", missing: ["GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"] },
  provider_unsupported: { _tag: "provider_unsupported", provider: "bedrock", mode: "fly-machines" },
  repository_not_ready: {
    _tag: "repository_not_ready",
    problems: [{ _tag: "workflow_missing", message: "claude-implement.yml is not in the repository" }]
  },
  budget_low: { _tag: "budget_low", upstream: "github", until: ahead(900) },
  upstream_down: { _tag: "upstream_down", upstream: "linear", since: ago(90) },
  hourly_limit: { _tag: "hourly_limit", until: ahead(1200) },
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
  held: null,
  ...changes
})

export const issues: ReadonlyArray<Issue> = [
  issue(0, null),
  ...Object.values(reasons).map((reason, index) => issue(index + 1, reason))
]

export const dedup: ReadonlyArray<DedupEntry> = [3, 4, 7].map((index) => ({
  issueId: uuid(1000 + index),
  issueIdentifier: `ENG-${index}`,
  issueTitle: dispatch(index).issueTitle,
  dispatchedAt: ago(index * 400),
  expiresAt: ahead(86_400 - index * 400)
}))
