import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import type { Sample, SeenIssue, Snapshot } from "../../../scripts/soak/facts.ts"
import {
  capacityProblems,
  labelProblems,
  orderProblems,
  reasonProblems
} from "../../../scripts/soak/rules.ts"
import type { Reason } from "../../../src/domain/Reason.ts"

const pass = 1_000_000
const at = (offset: number) => pass + offset
const utc = (offset: number) => DateTime.makeUnsafe(at(offset))

const seen = (changes: Partial<SeenIssue> = {}): SeenIssue => ({
  id: "i-1",
  identifier: "ENG-1",
  teamKey: "ENG",
  open: true,
  labels: ["AI-Implement"],
  blockedBy: [],
  changedAt: at(-5000),
  ...changes
})

type Dispatch = Snapshot["dispatches"][number]

const dispatch = (changes: Partial<Dispatch> = {}): Dispatch => ({
  id: "d-1",
  issueId: "i-1",
  teamKey: "ENG",
  phase: "implementation",
  executionMode: "github-actions",
  status: "running",
  kind: null,
  reason: null,
  reservedAt: at(-3000),
  finishedAt: null,
  settledAt: null,
  ...changes
})

const ended = (finished: number, settled: number | null, changes: Partial<Dispatch> = {}) =>
  dispatch({
    status: "succeeded",
    kind: "delivered",
    reason: "pull_request",
    finishedAt: at(finished),
    settledAt: settled === null ? null : at(settled),
    ...changes
  })

const snapshot = (changes: Partial<Snapshot> = {}): Snapshot => ({
  at: at(500),
  mappings: [{ teamKey: "ENG", cap: 2, planning: false, autoApprove: true }],
  decisions: [],
  lastPassStartedAt: pass,
  dispatches: [],
  dedup: [],
  failures: [],
  plans: [],
  pullRequests: [],
  questions: [],
  ...changes
})

const sample = (changes: Partial<Snapshot> = {}, ...issues: ReadonlyArray<SeenIssue>): Sample => ({
  before: snapshot(changes),
  issues: issues.length === 0 ? [seen()] : issues,
  after: snapshot(changes)
})

const none = new Set<string>()

const decided = (reason: Reason, changes: Partial<Snapshot> = {}, issue = seen()) =>
  reasonProblems(
    sample(
      {
        decisions: [
          { issueId: "i-1", decision: "wait", phase: null, reason, since: pass, passStartedAt: pass }
        ],
        ...changes
      },
      issue
    ),
    "AI-Implement"
  ).length === 0

const failure = { issueId: "i-1", phase: "implementation" as const, failures: 3, backoffUntil: null }
const plan = { issueId: "i-1", dispatchId: "d-1", verdict: null, verdictAt: null }
const approvedAt = (verdictAt: number) => ({
  ...plan,
  verdict: "approved" as const,
  verdictAt: at(verdictAt)
})

describe("the soak's rules", () => {
  it("a run label needs an unsettled dispatch of its phase, unless someone else added it", () => {
    const labelled = seen({ labels: ["AI-Implement", "ai-working"] })
    assert.lengthOf(labelProblems(sample({}, labelled), none), 1)
    assert.deepStrictEqual(labelProblems(sample({}, labelled), new Set(["ENG-1"])), [])
    assert.deepStrictEqual(labelProblems(sample({ dispatches: [dispatch()] }, labelled), none), [])
    assert.deepStrictEqual(labelProblems(sample({ dispatches: [ended(0, null)] }, labelled), none), [])
    assert.lengthOf(labelProblems(sample({ dispatches: [ended(0, 1)] }, labelled), none), 1)
    assert.lengthOf(
      labelProblems(sample({ dispatches: [dispatch({ phase: "planning" })] }, labelled), none),
      1
    )
  })

  it("a dispatch that settled between the two reads leaves no stray label", () => {
    const labelled = seen({ labels: ["AI-Working"] })
    const before = snapshot({ dispatches: [dispatch()] })
    const after = snapshot({ dispatches: [ended(0, 1)] })
    assert.deepStrictEqual(labelProblems({ before, issues: [labelled], after }, none), [])
  })

  it("live dispatches and stray labels together fit the team's slots", () => {
    const live = [dispatch(), dispatch({ id: "d-2", issueId: "i-2" })]
    assert.deepStrictEqual(capacityProblems(sample({ dispatches: live }), none), [])
    assert.lengthOf(capacityProblems(sample({ dispatches: live }), new Set(["ENG-1"])), 1)
    const three = [...live, dispatch({ id: "d-3", issueId: "i-3" })]
    assert.lengthOf(capacityProblems(sample({ dispatches: three }), none), 1)
    const oneEnded = [...live, ended(0, null, { id: "d-3" })]
    assert.deepStrictEqual(capacityProblems(sample({ dispatches: oneEnded }), none), [])
  })

  it("an issue has one unsettled dispatch", () => {
    assert.lengthOf(orderProblems(sample({ dispatches: [ended(0, null), dispatch({ id: "d-2" })] })), 1)
    assert.deepStrictEqual(orderProblems(sample({ dispatches: [ended(0, 1), dispatch({ id: "d-2" })] })), [])
  })

  it("what is planned is implemented after its plan, and after its approval", () => {
    const planned = (autoApprove: boolean, plans: Snapshot["plans"]) =>
      orderProblems(
        sample({
          mappings: [{ teamKey: "ENG", cap: 2, planning: true, autoApprove }],
          dispatches: [dispatch()],
          plans
        })
      ).length
    assert.strictEqual(planned(true, []), 1)
    assert.strictEqual(planned(true, [plan]), 0)
    assert.strictEqual(planned(false, [plan]), 1)
    assert.strictEqual(planned(false, [{ ...plan, issueId: "i-2" }, approvedAt(-2000)]), 1)
    assert.strictEqual(planned(false, [approvedAt(-4000)]), 0)
  })

  const gated = [{ teamKey: "ENG", cap: 2, planning: true, autoApprove: false }]

  interface Case {
    readonly reason: Reason
    readonly facts?: Partial<Snapshot>
    readonly issue?: SeenIssue
  }

  const running = { _tag: "running", dispatchId: "d-1", phase: "implementation", status: "running" } as const
  const settling = { _tag: "settling", dispatchId: "d-1", pending: [] } as const
  const waiting = { _tag: "waiting_approval", planDispatchId: "d-1", since: utc(-20) } as const
  const atCapacity = { _tag: "team_at_capacity", used: 2, cap: 2 } as const
  const other = (id: string) => ({ id, issueId: id })

  const cases: ReadonlyArray<Case> = [
    { reason: { _tag: "no_mapping", teamKey: "ENG" }, facts: { mappings: [] } },
    { reason: running, facts: { dispatches: [dispatch()] } },
    { reason: running, facts: { dispatches: [ended(10, 20)] } },
    { reason: settling, facts: { dispatches: [ended(-10, null)] } },
    { reason: settling, facts: { dispatches: [ended(-10, 5)] } },
    {
      reason: { _tag: "labelled_elsewhere", label: "AI-Working" },
      issue: seen({ labels: ["AI-Implement", "AI-Working"] })
    },
    { reason: { _tag: "ready_for_review" }, issue: seen({ labels: ["AI-Implement", "Ready for Review"] }) },
    { reason: { _tag: "ready_for_review" }, issue: seen({ changedAt: at(10) }) },
    {
      reason: { _tag: "open_pull_request", url: "u" },
      facts: { pullRequests: [{ issueId: "i-1", url: "u", state: "open" }] }
    },
    {
      reason: { _tag: "blocked", by: [{ identifier: "ENG-9", url: "u" }], more: false },
      issue: seen({ blockedBy: ["ENG-9"] })
    },
    {
      reason: { _tag: "held", by: "Olga", at: utc(-10) },
      facts: { dispatches: [ended(-20, -10, { kind: "cancelled" })] }
    },
    {
      reason: { _tag: "parked", failures: 3, last: null },
      facts: { failures: [{ ...failure, parkedAt: at(-10) }] }
    },
    { reason: waiting, facts: { mappings: gated, plans: [plan] } },
    { reason: waiting, facts: { mappings: gated, plans: [approvedAt(10)] } },
    { reason: { _tag: "dedup", until: utc(9000) }, facts: { dedup: [{ issueId: "i-1", until: at(9000) }] } },
    {
      reason: { _tag: "backing_off", until: utc(9000), failures: 1 },
      facts: { failures: [{ ...failure, failures: 1, backoffUntil: at(9000), parkedAt: null }] }
    },
    {
      reason: atCapacity,
      facts: { dispatches: [dispatch(other("d-2")), ended(10, null, other("d-3"))] }
    }
  ]

  it.each(cases)("$reason._tag agrees with what makes it true, and with nothing else", (one) => {
    assert.isTrue(decided(one.reason, one.facts, one.issue))
    assert.isFalse(decided(one.reason))
  })

  it("a reason whose cause had ended before the pass is wrong", () => {
    assert.isFalse(decided(running, { dispatches: [ended(-10, null)] }))
    assert.isFalse(decided(settling, { dispatches: [ended(-10, -5)] }))
    assert.isFalse(decided(waiting, { mappings: gated, plans: [approvedAt(-10)] }))
    assert.isFalse(decided(atCapacity, { dispatches: [dispatch(other("d-2"))] }))
  })

  it("nothing in the demo is ever missing, down, rate limited or not ready", () => {
    assert.isFalse(decided({ _tag: "not_configured", missing: ["PUBLIC_URL"] }))
    assert.isFalse(decided({ _tag: "repository_not_ready", problems: [] }))
    assert.isFalse(decided({ _tag: "upstream_down", upstream: "github", since: utc(0) }))
    assert.isFalse(decided({ _tag: "hourly_limit", until: utc(10) }))
  })

  it("a decision to dispatch was carried out, and every candidate has a decision", () => {
    const said = {
      issueId: "i-1",
      decision: "dispatch" as const,
      phase: "implementation" as const,
      reason: null,
      since: pass,
      passStartedAt: pass
    }
    const problems = (dispatches: ReadonlyArray<Dispatch>) =>
      reasonProblems(sample({ decisions: [said], dispatches }), "AI-Implement").length
    assert.strictEqual(problems([]), 1)
    assert.strictEqual(problems([dispatch()]), 1)
    assert.strictEqual(problems([dispatch({ reservedAt: at(5) })]), 0)
    const undecided = (issue: SeenIssue) => reasonProblems(sample({}, issue), "AI-Implement").length
    assert.strictEqual(undecided(seen()), 1)
    assert.strictEqual(undecided(seen({ changedAt: at(5) })), 0)
    assert.strictEqual(undecided(seen({ labels: [] })), 0)
    assert.strictEqual(undecided(seen({ open: false })), 0)
  })
})
