import { assert, describe, it } from "@effect/vitest"
import type { Mapping } from "../../../src/domain/Mapping.ts"
import type { Phase } from "../../../src/domain/Modes.ts"
import { type Reason, ReasonTag } from "../../../src/domain/Reason.ts"
import { type IssueFacts, decide, type Decision } from "../../../src/dispatching/decision/decide.ts"
import type { DispatchContext } from "../../../src/dispatching/decision/DispatchContext.ts"
import {
  at,
  hours,
  issue,
  issueFacts,
  mapping,
  failureState,
  millis,
  minutes,
  now,
  planFacts,
  dispatchContext,
  unsettled
} from "../../support/builders.ts"
import { causes, type Scene } from "./causes.ts"
import { TeamKey } from "../../../src/domain/Ids.ts"

const free: Scene = { context: dispatchContext(), facts: issueFacts() }
const poll = ({ context, facts }: Scene) => decide(context, facts, "poll")
const tagOf = (decision: Decision) => (decision.kind === "wait" ? decision.reason._tag : "dispatch")

const reachable = ReasonTag.literals.flatMap((tag) => {
  const cause = causes[tag]
  return cause === null ? [] : [{ tag, cause }]
})

describe("the order of the reasons", () => {
  it("dispatches the implementation when there is none", () => {
    assert.deepStrictEqual(poll(free), { kind: "dispatch", phase: "implementation" })
  })

  for (const [index, { tag, cause }] of reachable.entries()) {
    it(`${tag} stands alone`, () => {
      assert.strictEqual(tagOf(poll(cause(free))), tag)
    })

    it(`${tag} beats every later reason`, () => {
      const all = reachable.slice(index).reduceRight((scene, later) => later.cause(scene), free)
      assert.strictEqual(tagOf(poll(all)), tag)
    })
  }
})

describe("the facts of a reason", () => {
  const table: ReadonlyArray<{
    readonly name: string
    readonly context?: Partial<DispatchContext>
    readonly facts?: Partial<IssueFacts>
    readonly reason: Reason
  }> = [
    {
      name: "no_mapping names the team",
      facts: { mapping: null, issue: issue({ team: { id: "team-ops", key: TeamKey.make("OPS") } }) },
      reason: { _tag: "no_mapping", teamKey: "OPS" }
    },
    {
      name: "running names the live dispatch",
      facts: { unsettled: unsettled({ phase: "planning", status: "uncertain" }) },
      reason: { _tag: "running", dispatchId: unsettled().id, phase: "planning", status: "uncertain" }
    },
    {
      name: "settling names the pending steps of a dispatch that ended",
      facts: { unsettled: unsettled({ status: "failed", ended: true, pending: ["comment", "labels"] }) },
      reason: { _tag: "settling", dispatchId: unsettled().id, pending: ["comment", "labels"] }
    },
    {
      name: "settling also when the issue was read before its dispatch settled, whatever labels it had then",
      facts: { settledSince: { id: unsettled().id }, issue: issue({ labels: ["AI-Working"] }) },
      reason: { _tag: "settling", dispatchId: unsettled().id, pending: [] }
    },
    {
      name: "labelled_elsewhere finds the label in any case",
      facts: { issue: issue({ labels: ["AI-Implement", "ai-planning"] }) },
      reason: { _tag: "labelled_elsewhere", label: "AI-Planning" }
    },
    {
      name: "ready_for_review finds the label in any case",
      facts: { issue: issue({ labels: ["ready for review"] }) },
      reason: { _tag: "ready_for_review" }
    },
    {
      name: "open_pull_request links it",
      facts: { openPullRequest: { url: "https://github.test/pull/1" } },
      reason: { _tag: "open_pull_request", url: "https://github.test/pull/1" }
    },
    {
      name: "blocked names the blockers, and that there are more",
      facts: { issue: issue({ blockedBy: [{ identifier: "OPS-1", url: "u" }], moreBlockers: true }) },
      reason: { _tag: "blocked", by: [{ identifier: "OPS-1", url: "u" }], more: true }
    },
    {
      name: "held names who cancelled its dispatch, and when",
      facts: { held: { by: "Olga", at: hours(-1) } },
      reason: { _tag: "held", by: "Olga", at: hours(-1) }
    },
    {
      name: "parked counts the failures and names the last",
      facts: {
        failures: {
          planning: null,
          implementation: failureState({ failures: 3, parkedAt: now, last: "why" })
        }
      },
      reason: { _tag: "parked", failures: 3, last: "why" }
    },
    {
      name: "backing_off states until when and after how many failures",
      facts: {
        failures: { planning: null, implementation: failureState({ failures: 2, backoffUntil: minutes(2) }) }
      },
      reason: { _tag: "backing_off", until: minutes(2), failures: 2 }
    },
    {
      name: "dedup states until when",
      facts: { dedupUntil: hours(24) },
      reason: { _tag: "dedup", until: hours(24) }
    },
    {
      name: "not_configured names every setting that the mode lacks",
      context: {
        missingSettings: {
          "github-actions": ["GITHUB_APP_ID"],
          "fly-machines": ["PUBLIC_URL", "SESSION_IMAGE"],
          questions: []
        }
      },
      facts: { mapping: mapping({ executionMode: "fly-machines" }) },
      reason: { _tag: "not_configured", missing: ["PUBLIC_URL", "SESSION_IMAGE"] }
    },
    {
      name: "not_configured names once what is missing for a run that may ask",
      context: {
        missingSettings: {
          "github-actions": [],
          "fly-machines": ["PUBLIC_URL"],
          questions: ["PUBLIC_URL"]
        }
      },
      facts: { mapping: mapping({ executionMode: "fly-machines", sessionMode: "hybrid" }) },
      reason: { _tag: "not_configured", missing: ["PUBLIC_URL"] }
    },
    {
      name: "not_configured states that no one can be asked on GitHub either",
      context: {
        missingSettings: { "github-actions": [], "fly-machines": [], questions: ["PUBLIC_URL"] }
      },
      facts: { mapping: mapping({ sessionMode: "interactive" }) },
      reason: { _tag: "not_configured", missing: ["PUBLIC_URL"] }
    },
    {
      name: "budget_low names the upstream",
      context: { lowBudget: { upstream: "github", until: minutes(9) } },
      reason: { _tag: "budget_low", upstream: "github", until: minutes(9) }
    },
    {
      name: "upstream_down names the upstream",
      context: { down: { github: minutes(-9), fly: null } },
      reason: { _tag: "upstream_down", upstream: "github", since: minutes(-9) }
    },
    {
      name: "hourly_limit says until when",
      facts: { hourlyLimitUntil: minutes(17) },
      reason: { _tag: "hourly_limit", until: minutes(17) }
    },
    {
      name: "team_at_capacity counts the slots, also when the cap was lowered below them",
      facts: { used: 3, mapping: mapping({ maxInProgressAiIssues: 2 }) },
      reason: { _tag: "team_at_capacity", used: 3, cap: 2 }
    }
  ]
  for (const { name, context, facts, reason } of table) {
    it(name, () => {
      const decision = poll({ context: dispatchContext(context), facts: issueFacts(facts) })
      assert.deepStrictEqual(decision, { kind: "wait", reason })
    })
  }
})

describe("what a repository lacks", () => {
  const lacking = (phase: Phase, changes: Partial<IssueFacts> = {}): Scene => ({
    ...free,
    facts: issueFacts({
      mapping: mapping({ planningEnabled: true }),
      readiness: {
        problems: {
          planning: [],
          implementation: [],
          tracker: [],
          [phase]: [{ _tag: "workflow_missing", message: "Gone." }]
        },
        undeclaredInputs: { planning: [], implementation: [] }
      },
      ...changes
    })
  })
  const planned = { plan: planFacts() }

  it("blocks the phase that needs it, and no other", () => {
    assert.strictEqual(tagOf(poll(lacking("planning"))), "repository_not_ready")
    assert.strictEqual(tagOf(poll(lacking("planning", planned))), "dispatch")
    assert.strictEqual(tagOf(poll(lacking("implementation"))), "dispatch")
    assert.strictEqual(tagOf(poll(lacking("implementation", planned))), "repository_not_ready")
  })
})

describe("a time that has passed", () => {
  const backingOff = (backoffUntil: typeof now) => ({
    failures: { planning: null, implementation: failureState({ backoffUntil }) }
  })
  const table: ReadonlyArray<readonly [string, Partial<IssueFacts>, string]> = [
    ["does not end dedup one millisecond early", { dedupUntil: millis(1) }, "dedup"],
    ["ends dedup on time", { dedupUntil: now }, "dispatch"],
    ["does not end the backoff one millisecond early", backingOff(millis(1)), "backing_off"],
    ["ends the backoff on time", backingOff(now), "dispatch"],
    ["does not end the hourly limit one millisecond early", { hourlyLimitUntil: millis(1) }, "hourly_limit"],
    ["ends the hourly limit on time", { hourlyLimitUntil: now }, "dispatch"],
    ["dispatches an issue while one slot is free", { used: 2 }, "dispatch"]
  ]
  for (const [name, facts, expected] of table) {
    it(name, () => assert.strictEqual(tagOf(poll({ ...free, facts: issueFacts(facts) })), expected))
  }

  for (const [name, dispatchedAt] of [
    ["the day summer time ends", "2026-10-25T00:30:00Z"],
    ["the day summer time begins", "2026-03-29T00:30:00Z"],
    ["a leap day", "2028-02-29T00:30:00Z"]
  ] as const) {
    it(`ends the dedup window after exactly 24 h on ${name}`, () => {
      const until = hours(24, at(dispatchedAt))
      const when = (time: typeof now) =>
        tagOf(poll({ context: dispatchContext({ now: time }), facts: issueFacts({ dedupUntil: until }) }))
      assert.strictEqual(when(millis(24 * 3_600_000 - 1, at(dispatchedAt))), "dedup")
      assert.strictEqual(when(millis(24 * 3_600_000, at(dispatchedAt))), "dispatch")
    })
  }
})

describe("failures", () => {
  const tagWith = (changes: Parameters<typeof failureState>[0]) =>
    tagOf(
      poll({
        ...free,
        facts: issueFacts({ failures: { planning: null, implementation: failureState(changes) } })
      })
    )

  it("block by parking only, not by their number", () => {
    assert.strictEqual(tagWith({ failures: 9 }), "dispatch")
    assert.strictEqual(tagWith({ failures: 1, parkedAt: now }), "parked")
  })

  const failing = (phase: Phase) => ({
    failures: { planning: null, implementation: null, [phase]: failureState({ failures: 3, parkedAt: now }) }
  })

  it("of one phase do not block the other", () => {
    const planned = { mapping: mapping({ planningEnabled: true }), plan: planFacts() }
    const unplanned = { ...planned, plan: null }
    const tag = (facts: Partial<IssueFacts>) => tagOf(poll({ ...free, facts: issueFacts(facts) }))
    assert.strictEqual(tag({ ...planned, ...failing("planning") }), "dispatch")
    assert.strictEqual(tag({ ...planned, ...failing("implementation") }), "parked")
    assert.strictEqual(tag({ ...unplanned, ...failing("planning") }), "parked")
    assert.strictEqual(tag({ ...unplanned, ...failing("implementation") }), "dispatch")
  })
})

type Case = Pick<IssueFacts, "plan"> & { readonly mapping?: Partial<Mapping> }

const checked = ({ plan, mapping: changes = {} }: Case, wanted: Phase | null = null) =>
  decide(
    dispatchContext(),
    issueFacts({ plan, mapping: mapping({ planningEnabled: true, ...changes }) }),
    "poll",
    wanted
  )

describe("the phase that is due", () => {
  const manual = { autoApprovePlans: false }
  const table: ReadonlyArray<readonly [name: string, Case, dispatched: Phase | "waiting_approval"]> = [
    ["planning without a plan", { plan: null }, "planning"],
    ["planning after a rejected plan", { plan: planFacts({ verdict: "rejected" }) }, "planning"],
    [
      "planning after a rejected one, approvals on",
      { plan: planFacts({ verdict: "rejected" }), mapping: manual },
      "planning"
    ],
    ["implementation with a plan that needs no approval", { plan: planFacts() }, "implementation"],
    [
      "implementation with an approved plan",
      { plan: planFacts({ verdict: "approved" }), mapping: manual },
      "implementation"
    ],
    [
      "implementation with a plan approved by hand",
      { plan: planFacts({ verdict: "approved", dispatchId: null }), mapping: manual },
      "implementation"
    ],
    ["none while the plan waits for a verdict", { plan: planFacts(), mapping: manual }, "waiting_approval"],
    [
      "implementation where nothing is planned",
      { plan: null, mapping: { planningEnabled: false, ...manual } },
      "implementation"
    ],
    [
      "implementation where planning was switched off, whatever the plan",
      { plan: planFacts({ verdict: "rejected" }), mapping: { planningEnabled: false } },
      "implementation"
    ]
  ]
  for (const [name, facts, expected] of table) {
    it(`is ${name}`, () => {
      const decision = checked(facts)
      assert.strictEqual(decision.kind === "dispatch" ? decision.phase : decision.reason._tag, expected)
    })
  }

  it("does not follow the labels: the plan is our own row", () => {
    const facts = (plan: IssueFacts["plan"], labels: ReadonlyArray<string>) =>
      issueFacts({ plan, issue: issue({ labels }), mapping: mapping({ planningEnabled: true }) })
    assert.deepStrictEqual(
      decide(dispatchContext(), facts(null, ["Plan-Complete", "Plan-Approved"]), "poll"),
      {
        kind: "dispatch",
        phase: "planning"
      }
    )
    assert.deepStrictEqual(decide(dispatchContext(), facts(planFacts(), []), "poll"), {
      kind: "dispatch",
      phase: "implementation"
    })
  })
})

describe("a phase that was asked for", () => {
  const waits = (planDispatchId: string | null, since = hours(-1)): Decision => ({
    kind: "wait",
    reason: { _tag: "waiting_approval", planDispatchId, since }
  })
  const manual = { autoApprovePlans: false }
  const { dispatchId } = planFacts()
  const table: ReadonlyArray<readonly [name: string, Phase, Case, Decision]> = [
    [
      "planning: repeated where a plan exists",
      "planning",
      { plan: planFacts({ verdict: "approved" }) },
      { kind: "dispatch", phase: "planning" }
    ],
    [
      "planning: where a plan waits",
      "planning",
      { plan: planFacts(), mapping: manual },
      { kind: "dispatch", phase: "planning" }
    ],
    [
      "planning: not where it is off",
      "planning",
      { plan: null, mapping: { planningEnabled: false } },
      { kind: "wait", reason: { _tag: "not_configured", missing: ["planningEnabled"] } }
    ],
    ["implementation: not without a plan", "implementation", { plan: null }, waits(null, now)],
    [
      "implementation: not of a plan that waits",
      "implementation",
      { plan: planFacts(), mapping: manual },
      waits(dispatchId)
    ],
    [
      "implementation: not of a rejected plan",
      "implementation",
      { plan: planFacts({ verdict: "rejected" }) },
      waits(dispatchId)
    ],
    [
      "implementation: of a plan that needs no approval",
      "implementation",
      { plan: planFacts() },
      { kind: "dispatch", phase: "implementation" }
    ],
    [
      "implementation: without a plan where planning is off",
      "implementation",
      { plan: null, mapping: { planningEnabled: false } },
      { kind: "dispatch", phase: "implementation" }
    ]
  ]
  for (const [name, wanted, facts, decision] of table) {
    it(name, () => assert.deepStrictEqual(checked(facts, wanted), decision))
  }
})

describe("a plan that waits for a verdict", () => {
  const reason = (plan: IssueFacts["plan"], labels: ReadonlyArray<string> = []) => {
    const decision = decide(
      dispatchContext(),
      issueFacts({
        plan,
        issue: issue({ labels }),
        mapping: mapping({ planningEnabled: true, autoApprovePlans: false })
      }),
      "poll"
    )
    return decision.kind === "wait" ? decision.reason : null
  }
  const waits = {
    _tag: "waiting_approval",
    planDispatchId: planFacts().dispatchId,
    since: hours(-1)
  } as const

  it("names its dispatch and the time since it waits", () => {
    assert.deepStrictEqual(reason(planFacts()), waits)
    assert.deepStrictEqual(reason(planFacts({ dispatchId: null })), { ...waits, planDispatchId: null })
  })

  it("names an approval that is older than the plan while its label is set", () => {
    const plan = planFacts({ approvalIgnored: true })
    assert.deepStrictEqual(reason(plan, ["plan-approved"]), { ...waits, ignoredLabel: true })
    assert.deepStrictEqual(reason(plan), waits)
  })
})
