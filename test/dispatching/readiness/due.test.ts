import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import { dueOf } from "../../../src/dispatching/readiness/due.ts"
import { fingerprintOf, knownReadiness } from "../../../src/dispatching/decision/knownReadiness.ts"
import type { ReadinessRow } from "../../../src/dispatching/readiness/ReadinessRepo.ts"
import { mapping, minutes, seconds, dispatchContext } from "../../support/builders.ts"
import { StoredTeamKey, TeamKey } from "../../../src/domain/Ids.ts"

const policy = {
  readyFor: Duration.minutes(10),
  notReadyFor: Duration.minutes(1),
  labelsFor: Duration.zero,
  perPass: 20,
  budget: Duration.seconds(10)
}
const context = dispatchContext()
const eng = mapping({ planningEnabled: true })

const look = (changes: Partial<ReadinessRow> = {}): ReadinessRow => ({
  teamKey: TeamKey.make("ENG"),
  fingerprint: fingerprintOf(eng, context),
  checkedAt: minutes(-5),
  ready: true,
  ...changes
})

const isDue = (mapped: typeof eng, looks: ReadonlyArray<ReadinessRow>, now = context) =>
  dueOf([mapped], looks, now, policy).length === 1

describe("a repository is due", () => {
  const table: ReadonlyArray<
    [sentence: string, due: boolean, looks: ReadonlyArray<ReadinessRow>, mapped?: typeof eng]
  > = [
    ["when it was never seen", true, []],
    ["not while it was ready less than 10 min ago", false, [look({ checkedAt: seconds(-599) })]],
    ["when it was ready 10 min ago", true, [look({ checkedAt: minutes(-10) })]],
    [
      "not while it was not ready less than 1 min ago",
      false,
      [look({ ready: false, checkedAt: seconds(-59) })]
    ],
    ["when it was not ready 1 min ago", true, [look({ ready: false, checkedAt: minutes(-1) })]],
    ["when a launch was refused since", true, [look({ fingerprint: "" })]],
    ["when its branch changed", true, [look()], { ...eng, defaultBranch: "next" }],
    ["when its repository changed", true, [look()], { ...eng, repo: "other" }],
    ["when its workflow changed", true, [look()], { ...eng, workflowFile: "other.yml" }],
    ["when its planning workflow changed", true, [look()], { ...eng, planningWorkflowFile: "other.yml" }],
    ["when planning was switched off", true, [look()], { ...eng, planningEnabled: false }],
    ["when its provider changed", true, [look()], { ...eng, provider: "bedrock" }],
    ["when its mode changed", true, [look()], { ...eng, executionMode: "fly-machines" }],
    [
      "not when its cap or its times changed",
      false,
      [look()],
      { ...eng, deadlineMinutes: 9, maxInProgressAiIssues: 9, updatedAt: minutes(0) }
    ]
  ]
  for (const [sentence, due, looks, mapped = eng] of table) {
    it(sentence, () => assert.strictEqual(isDue(mapped, looks), due))
  }

  it("when the runner mode or the settings of machines changed", () => {
    assert.isTrue(isDue(eng, [look()], dispatchContext({ runnerMode: "fly" })))
    const without = { "github-actions": [], "fly-machines": ["PUBLIC_URL"], questions: [] }
    assert.isTrue(isDue(eng, [look()], dispatchContext({ missingSettings: without })))
  })

  it("first when it was never checked, then by the age of its check", () => {
    const of = (teamKey: string) => mapping({ teamKey: StoredTeamKey.make(teamKey), planningEnabled: true })
    const teams = ["ENG", "OPS", "WEB"].map(of)
    const looks = [
      look({ checkedAt: minutes(-11) }),
      look({ teamKey: TeamKey.make("OPS"), checkedAt: minutes(-12) })
    ]
    assert.deepStrictEqual(
      dueOf(teams, looks, context, policy).map(({ teamKey }) => teamKey),
      ["WEB", "OPS", "ENG"]
    )
  })
})

describe("what is known of a repository", () => {
  const stored = {
    fingerprint: fingerprintOf(eng, context),
    problems: [
      { phase: null, _tag: "branch_missing", message: "No branch." },
      { phase: "planning" as const, _tag: "workflow_missing", message: "No file." }
    ],
    undeclaredInputs: { planning: [], implementation: ["branch"] }
  }

  it("is grouped by phase: what concerns both, and what concerns one", () => {
    const known = knownReadiness(eng, context, stored)
    assert.deepStrictEqual(
      known?.problems.planning.map(({ _tag }) => _tag),
      ["branch_missing", "workflow_missing"]
    )
    assert.deepStrictEqual(known?.problems.implementation, [
      { _tag: "branch_missing", message: "No branch." }
    ])
    assert.deepStrictEqual(known?.undeclaredInputs.implementation, ["branch"])
  })

  it("is dropped once the team has another mapping or none", () => {
    assert.isNull(knownReadiness({ ...eng, repo: "other" }, context, stored))
    assert.isNull(knownReadiness(null, context, stored))
    assert.isNull(knownReadiness(eng, context, null))
  })
})
