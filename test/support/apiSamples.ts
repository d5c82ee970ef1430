import * as DateTime from "effect/DateTime"
import type { Dispatch, DispatchEvent, Logs } from "../../src/domain/Dispatch.ts"
import type { Destruction, Session } from "../../src/domain/Session.ts"
import type { WorkflowSync } from "../../src/domain/Templates.ts"
import type { Readiness } from "../../src/domain/Readiness.ts"
import type { Issue } from "../../src/domain/Issue.ts"
import type { PlanHistory } from "../../src/domain/Plan.ts"
import type { Question } from "../../src/domain/Question.ts"
import { MachineId, StoredDispatchId, StoredIssueId } from "../../src/domain/Ids.ts"
import { dispatchSample } from "./dispatchSample.ts"

const at = DateTime.makeUnsafe("2026-01-02T03:04:05Z")

/** The `nth` dispatch: later ones have greater ids. */
export const dispatch = (nth: number): Dispatch => ({
  ...dispatchSample,
  id: StoredDispatchId.make(`01890000-0000-7000-8000-${String(nth).padStart(12, "0")}`),
  issueId: StoredIssueId.make("7f0c3c0e-6f0b-4f0e-9a53-6f3f9f1c0a11"),
  issueIdentifier: "ENG-1",
  issueTitle: "Add a login",
  issueUrl: "https://linear.test/ENG-1",
  branch: "ai-implement/ENG-1-add-a-login",
  status: "running",
  run: { kind: "github", id: nth, url: "https://github.test/run" },
  pullRequest: null,
  pending: [],
  reservedAt: at,
  startedAt: at,
  deadlineAt: at
})

export const event: DispatchEvent = {
  id: 1,
  dispatchId: dispatch(1).id,
  at,
  type: "running",
  actor: null,
  message: "Run 1 started on GitHub",
  facts: { url: "https://github.test/run" }
}

export const logs: Logs = {
  source: "runner",
  lines: [{ at, text: "npm test" }],
  url: "https://github.test/run"
}

export const planHistory: PlanHistory = {
  issueId: dispatch(1).issueId,
  issueIdentifier: "ENG-1",
  versions: [
    {
      dispatchId: dispatch(1).id,
      documents: [{ title: "Test Plan", markdown: "Try a wrong password." }],
      finishedAt: at,
      verdict: null,
      withdrawn: false
    }
  ]
}

export const issue: Issue = {
  issueId: dispatch(1).issueId,
  identifier: "ENG-1",
  title: "Add a login",
  url: "https://linear.test/ENG-1",
  teamKey: "ENG",
  priority: 2,
  state: { name: "Todo", type: "unstarted" },
  labels: ["AI-Implement"],
  decision: "wait",
  phase: null,
  reason: { _tag: "dedup", until: at },
  since: at,
  passId: null,
  dispatchId: null,
  dedupExpiresAt: at,
  failures: { planning: 0, implementation: 1, backoffUntil: null, parkedAt: null },
  held: null
}

export const session: Session = {
  machineId: MachineId.make("148e21ea7e4228"),
  name: `ai-implement-${dispatch(1).id}`,
  state: "started",
  region: "ams",
  cpus: 2,
  memoryMb: 4096,
  createdAt: at,
  updatedAt: at,
  dispatchId: dispatch(1).id,
  issueId: dispatch(1).issueId,
  issueIdentifier: "ENG-1",
  issueTitle: "Add a login",
  teamKey: "ENG",
  repo: "acme/app"
}

export const destroying: Destruction = {
  destroyed: false,
  effects: [
    { effect: "machine", done: false, nextTry: at },
    { effect: "label", done: true },
    { effect: "dedup", done: true }
  ]
}

export const workflowSync: WorkflowSync = {
  result: "pr-opened",
  pullRequest: { number: 7, url: "https://github.test/acme/app/pull/7" },
  files: [{ path: ".github/workflows/claude-implement.yml", was: "older" }],
  leftAlone: [{ path: ".github/workflows/claude-plan.yml", workflowFile: "ai-implement-plan.yml" }],
  note: null
}

export const readiness: Readiness = {
  ready: false,
  checkedAt: at,
  checks: [{ name: "Branch", ok: false, message: "There is no branch main.", fix: "Create it." }],
  templates: [{ file: "WORKFLOW.md", installed: null, current: "0.1.0", state: "missing", seeded: true }]
}

export const question: Question = {
  id: "01890000-0000-7000-8000-00000000aaaa",
  dispatchId: dispatch(1).id,
  issueId: dispatch(1).issueId,
  issueIdentifier: "ENG-1",
  text: "Which logo?",
  options: ["The old one", "The new one"],
  askedAt: at,
  expiresAt: at,
  answer: null,
  closedAt: null
}
