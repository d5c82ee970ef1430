import { assert, describe, it } from "@effect/vitest"
import type { TrackedIssue } from "../../../src/upstreams/Tracker.ts"
import type { IssueFacts } from "../../../src/dispatching/decision/decide.ts"
import { dispatchOrder, decideAll } from "../../../src/dispatching/decision/decideAll.ts"
import {
  hours,
  issue,
  issueFacts,
  mapping,
  minutes,
  now,
  planFacts,
  dispatchContext,
  unsettled
} from "../../support/builders.ts"
import { StoredIssueId, StoredTeamKey } from "../../../src/domain/Ids.ts"

const off = { perHour: 0, used: new Map<string, number>() }

/** Candidates of one team, oldest first. */
const some = (count: number, changes: Partial<IssueFacts> = {}, key = "ENG") =>
  Array.from({ length: count }, (_, index) =>
    issueFacts({
      issue: issue({
        id: StoredIssueId.make(`${key}-${index}`),
        createdAt: minutes(index, hours(-24)),
        team: { id: `team-${key}`, key: StoredTeamKey.make(key) }
      }),
      mapping: mapping({ teamKey: StoredTeamKey.make(key) }),
      ...changes
    })
  )

const decisions = (...[candidates, hourlyLimit = off]: [ReadonlyArray<IssueFacts>, typeof off?]) =>
  decideAll(dispatchContext(), candidates, hourlyLimit).map(({ decision }) =>
    decision.kind === "dispatch" ? "dispatch" : decision.reason._tag
  )

describe("the dispatch order", () => {
  const planned = { plan: planFacts() }
  type Given = Partial<TrackedIssue> & Partial<Pick<IssueFacts, "plan">>
  const given = ({ plan = null, ...changes }: Given) => issueFacts({ plan, issue: issue(changes) })
  const first: ReadonlyArray<readonly [string, Given, Given]> = [
    ["urgent before high", { priority: 1 }, { priority: 2, ...planned }],
    ["high before medium", { priority: 2 }, { priority: 3, ...planned }],
    ["medium before low", { priority: 3 }, { priority: 4, ...planned }],
    ["low before none", { priority: 4 }, { priority: 0, ...planned, createdAt: hours(-99) }],
    ["planned before older, not yet planned ones", planned, { createdAt: hours(-99) }],
    [
      "older before one whose plan was rejected",
      { createdAt: hours(-99) },
      { plan: planFacts({ verdict: "rejected" }) }
    ],
    ["older before younger", { createdAt: hours(-99) }, { createdAt: hours(-98) }],
    ["of the same age, always the same", { id: StoredIssueId.make("a") }, { id: StoredIssueId.make("b") }]
  ]
  for (const [name, before, after] of first) {
    it(name, () => {
      const [a, b] = [given(before), given(after)]
      assert.strictEqual(dispatchOrder(a, b), -1)
      assert.strictEqual(dispatchOrder(b, a), 1)
    })
  }

  it("does not depend on the order the candidates came in", () => {
    const candidates = some(5)
    const inOrder = candidates.map(({ issue }) => issue.id)
    for (const given of [candidates, candidates.toReversed()]) {
      assert.deepStrictEqual(
        decideAll(dispatchContext(), given, off).map(({ facts }) => facts.issue.id),
        inOrder
      )
    }
  })
})

describe("the slots within one plan", () => {
  it("go to the first in order, and the reasons of the others count those in use", () => {
    const planned = decideAll(dispatchContext(), some(4, { used: 1 }), off)
    assert.deepStrictEqual(
      planned.map(({ decision }) => decision),
      [
        { kind: "dispatch", phase: "implementation" },
        { kind: "dispatch", phase: "implementation" },
        { kind: "wait", reason: { _tag: "team_at_capacity", used: 3, cap: 3 } },
        { kind: "wait", reason: { _tag: "team_at_capacity", used: 3, cap: 3 } }
      ]
    )
  })

  it("leave the facts of a candidate as they were read", () => {
    const candidates = some(2, { used: 1 })
    assert.deepStrictEqual(
      decideAll(dispatchContext(), candidates, off).map(({ facts }) => facts),
      candidates
    )
  })

  it("are not taken by a candidate that waits", () => {
    const waiting = some(3, { unsettled: unsettled() }, "ENG").map((facts) => ({
      ...facts,
      issue: { ...facts.issue, priority: 1 }
    }))
    const planned = decisions([...waiting, ...some(3)])
    assert.deepStrictEqual(planned.slice(0, 3), ["running", "running", "running"])
    assert.deepStrictEqual(planned.slice(3), ["dispatch", "dispatch", "dispatch"])
  })

  it("are counted for each team separately", () => {
    const planned = decideAll(dispatchContext(), [...some(4), ...some(4, {}, "OPS")], off)
    for (const team of ["ENG", "OPS"]) {
      assert.deepStrictEqual(
        planned.filter(({ facts }) => facts.issue.team.key === team).map(({ decision }) => decision.kind),
        ["dispatch", "dispatch", "dispatch", "wait"]
      )
    }
  })
})

describe("the hourly limit", () => {
  const wide = { mapping: mapping({ maxInProgressAiIssues: 100 }) }
  const table: ReadonlyArray<{
    readonly name: string
    readonly perHour: number
    readonly used: number
    readonly dispatched: number
  }> = [
    { name: "is off with 0, however many there were", perHour: 0, used: 1000, dispatched: 4 },
    { name: "lets through what is left of the hour", perHour: 3, used: 1, dispatched: 2 },
    { name: "lets nothing through when the hour is spent", perHour: 3, used: 3, dispatched: 0 },
    { name: "holds when it was lowered below what was used", perHour: 1, used: 3, dispatched: 0 },
    { name: "does not hold before its last dispatch", perHour: 4, used: 0, dispatched: 4 }
  ]
  for (const { name, perHour, used, dispatched } of table) {
    it(name, () => {
      assert.deepStrictEqual(
        decisions(some(4, wide), { perHour, used: new Map([["ENG", used]]) }),
        ["dispatch", "dispatch", "dispatch", "dispatch"].fill("hourly_limit", dispatched)
      )
    })
  }

  it("blocks only the team that has used its hour", () => {
    const hourlyLimit = { perHour: 1, used: new Map([["ENG", 1]]) }
    assert.deepStrictEqual(decisions([...some(1), ...some(1, {}, "OPS")], hourlyLimit), [
      "hourly_limit",
      "dispatch"
    ])
  })

  it("ends when the oldest dispatch of the hour leaves it, else in an hour at the latest", () => {
    const until = (hourlyLimitUntil: IssueFacts["hourlyLimitUntil"]) =>
      decideAll(dispatchContext(), some(1, { hourlyLimitUntil }), {
        perHour: 1,
        used: new Map([["ENG", 1]])
      }).map(({ decision }) => decision)
    assert.deepStrictEqual(until(minutes(7)), [
      { kind: "wait", reason: { _tag: "hourly_limit", until: minutes(7) } }
    ])
    assert.deepStrictEqual(until(null), [
      { kind: "wait", reason: { _tag: "hourly_limit", until: hours(1, now) } }
    ])
  })
})

describe("many candidates", () => {
  const readsPerCandidate = (count: number) => {
    let reads = 0
    const candidates = some(count).map((facts) => ({
      ...facts,
      get used() {
        reads++
        return 0
      }
    }))
    const planned = decideAll(dispatchContext(), candidates, off)
    assert.strictEqual(planned.length, count)
    assert.strictEqual(planned.filter(({ decision }) => decision.kind === "dispatch").length, 3)
    return reads / count
  }

  it("cost as much each as a few do", () => {
    assert.strictEqual(readsPerCandidate(5000), readsPerCandidate(50))
  })
})
