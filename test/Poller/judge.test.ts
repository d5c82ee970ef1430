import { assert, describe, it } from "@effect/vitest"
import type { Mapping } from "../../src/domain/Mapping.ts"
import type { Phase } from "../../src/domain/Modes.ts"
import { type Reason, ReasonTag } from "../../src/domain/Reason.ts"
import { type IssueFacts, judge, type SharedFacts, type Verdict } from "../../src/Poller/judge.ts"
import {
  at,
  hours,
  issue,
  issueFacts,
  mapping,
  memory,
  millis,
  minutes,
  now,
  sharedFacts,
  unsettled
} from "../support/builders.ts"
import { causes, type Scene } from "./causes.ts"

const free: Scene = { shared: sharedFacts(), facts: issueFacts() }
const poll = ({ shared, facts }: Scene) => judge(shared, facts, "poll")
const tagOf = (verdict: Verdict) => (verdict.decision === "wait" ? verdict.reason._tag : "dispatch")

const reachable = ReasonTag.literals.flatMap((tag) => {
  const cause = causes[tag]
  return cause === null ? [] : [{ tag, cause }]
})

describe("the order of the reasons", () => {
  it("dispatches the implementation when there is none", () => {
    assert.deepStrictEqual(poll(free), { decision: "dispatch", phase: "implementation" })
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

describe("what a reason tells", () => {
  const table: ReadonlyArray<{
    readonly name: string
    readonly shared?: Partial<SharedFacts>
    readonly facts?: Partial<IssueFacts>
    readonly reason: Reason
  }> = [
    {
      name: "no_mapping names the team",
      facts: { mapping: null, issue: issue({ team: { id: "team-ops", key: "OPS" } }) },
      reason: { _tag: "no_mapping", teamKey: "OPS" }
    },
    {
      name: "running names the live dispatch",
      facts: { unsettled: unsettled({ phase: "planning", status: "uncertain" }) },
      reason: { _tag: "running", dispatchId: unsettled().id, phase: "planning", status: "uncertain" }
    },
    {
      name: "settling names what a dispatch that ended still owes",
      facts: { unsettled: unsettled({ status: "failed", ended: true, pending: ["comment", "labels"] }) },
      reason: { _tag: "settling", dispatchId: unsettled().id, pending: ["comment", "labels"] }
    },
    {
      name: "settling also when the issue was read before its dispatch settled, whatever labels it wore then",
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
      name: "parked counts the failures and tells the last",
      facts: {
        failures: { planning: null, implementation: memory({ failures: 3, parkedAt: now, last: "why" }) }
      },
      reason: { _tag: "parked", failures: 3, last: "why" }
    },
    {
      name: "backing_off tells until when and after how many failures",
      facts: {
        failures: { planning: null, implementation: memory({ failures: 2, backoffUntil: minutes(2) }) }
      },
      reason: { _tag: "backing_off", until: minutes(2), failures: 2 }
    },
    {
      name: "dedup tells until when",
      facts: { dedupUntil: hours(24) },
      reason: { _tag: "dedup", until: hours(24) }
    },
    {
      name: "not_configured names every setting that the mode lacks",
      shared: {
        missingSettings: {
          "github-actions": ["GITHUB_APP_ID"],
          "fly-machines": ["PUBLIC_URL", "SESSION_IMAGE"]
        }
      },
      facts: { mapping: mapping({ executionMode: "fly-machines" }) },
      reason: { _tag: "not_configured", missing: ["PUBLIC_URL", "SESSION_IMAGE"] }
    },
    {
      name: "budget_low names the upstream",
      shared: { lowBudget: { upstream: "github", until: minutes(9) } },
      reason: { _tag: "budget_low", upstream: "github", until: minutes(9) }
    },
    {
      name: "upstream_down names the upstream",
      shared: { down: { github: minutes(-9), fly: null } },
      reason: { _tag: "upstream_down", upstream: "github", since: minutes(-9) }
    },
    {
      name: "rate_brake tells until when",
      facts: { brakeUntil: minutes(17) },
      reason: { _tag: "rate_brake", until: minutes(17) }
    },
    {
      name: "team_at_capacity counts the slots, also when the cap was lowered below them",
      facts: { used: 3, mapping: mapping({ maxInProgressAiIssues: 2 }) },
      reason: { _tag: "team_at_capacity", used: 3, cap: 2 }
    }
  ]
  for (const { name, shared, facts, reason } of table) {
    it(name, () => {
      const verdict = poll({ shared: sharedFacts(shared), facts: issueFacts(facts) })
      assert.deepStrictEqual(verdict, { decision: "wait", reason })
    })
  }
})

describe("times that have come", () => {
  const inMemory = (backoffUntil: typeof now) => ({
    failures: { planning: null, implementation: memory({ backoffUntil }) }
  })
  const table: ReadonlyArray<readonly [string, Partial<IssueFacts>, string]> = [
    ["dedup holds to its last millisecond", { dedupUntil: millis(1) }, "dedup"],
    ["dedup ends on time", { dedupUntil: now }, "dispatch"],
    ["the backoff holds to its last millisecond", inMemory(millis(1)), "backing_off"],
    ["the backoff ends on time", inMemory(now), "dispatch"],
    ["the brake holds to its last millisecond", { brakeUntil: millis(1) }, "rate_brake"],
    ["the brake ends on time", { brakeUntil: now }, "dispatch"],
    ["one slot left is enough", { used: 2 }, "dispatch"]
  ]
  for (const [name, facts, expected] of table) {
    it(name, () => assert.strictEqual(tagOf(poll({ ...free, facts: issueFacts(facts) })), expected))
  }

  for (const [name, dispatchedAt] of [
    ["the day summer time ends", "2026-10-25T00:30:00Z"],
    ["the day summer time begins", "2026-03-29T00:30:00Z"],
    ["a leap day", "2028-02-29T00:30:00Z"]
  ] as const) {
    it(`the dedup window is a true 24 h on ${name}`, () => {
      const until = hours(24, at(dispatchedAt))
      const when = (time: typeof now) =>
        tagOf(poll({ shared: sharedFacts({ now: time }), facts: issueFacts({ dedupUntil: until }) }))
      assert.strictEqual(when(millis(24 * 3_600_000 - 1, at(dispatchedAt))), "dedup")
      assert.strictEqual(when(millis(24 * 3_600_000, at(dispatchedAt))), "dispatch")
    })
  }
})

describe("failures", () => {
  const remembering = (changes: Parameters<typeof memory>[0]) =>
    tagOf(
      poll({
        ...free,
        facts: issueFacts({ failures: { planning: null, implementation: memory(changes) } })
      })
    )

  it("do not hold by their number, only when parked", () => {
    assert.strictEqual(remembering({ failures: 9 }), "dispatch")
    assert.strictEqual(remembering({ failures: 1, parkedAt: now }), "parked")
  })

  const failing = (phase: Phase) => ({
    failures: { planning: null, implementation: null, [phase]: memory({ failures: 3, parkedAt: now }) }
  })

  it("of planning do not hold an implementation", () => {
    assert.strictEqual(tagOf(poll({ ...free, facts: issueFacts(failing("planning")) })), "dispatch")
    assert.strictEqual(tagOf(poll({ ...free, facts: issueFacts(failing("implementation")) })), "parked")
  })
})

describe("what is not built yet waits with the field that asks for it", () => {
  const planned = issue({ labels: ["AI-Implement", "plan-complete"] })
  const table: ReadonlyArray<{
    readonly name: string
    readonly mapping: Partial<Mapping>
    readonly shared?: Partial<SharedFacts>
    readonly issue?: IssueFacts["issue"]
    readonly missing: ReadonlyArray<string>
  }> = [
    { name: "planning", mapping: { planningEnabled: true }, missing: ["planningEnabled"] },
    {
      name: "a plan that waits for approval",
      mapping: { planningEnabled: true, autoApprovePlans: false },
      issue: planned,
      missing: ["planningEnabled"]
    },
    {
      name: "not: a plan that needs no approval",
      mapping: { planningEnabled: true },
      issue: planned,
      missing: []
    },
    {
      name: "not: Fly in a mapping that the runner mode overrides",
      mapping: { executionMode: "fly-machines" },
      shared: {
        runnerMode: "gha",
        missingSettings: { "github-actions": [], "fly-machines": ["PUBLIC_URL"] }
      },
      missing: []
    },
    { name: "not: Bedrock on GitHub Actions", mapping: { provider: "bedrock" }, missing: [] }
  ]
  for (const { name, missing, ...row } of table) {
    it(name, () => {
      const facts = issueFacts({ mapping: mapping(row.mapping), issue: row.issue ?? issue() })
      assert.deepStrictEqual(
        poll({ shared: sharedFacts(row.shared), facts }),
        missing.length === 0
          ? { decision: "dispatch", phase: "implementation" }
          : { decision: "wait", reason: { _tag: "not_configured", missing } }
      )
    })
  }
})
