import { assert, describe, it } from "@effect/vitest"
import { assessLabels } from "../../../src/dispatching/readiness/assessLabels.ts"
import type { TeamLabel } from "../../../src/upstreams/Tracker.ts"

const label = (name: string, changes: Partial<TeamLabel> = {}): TeamLabel => ({
  name,
  isGroup: false,
  retired: false,
  exclusiveGroup: null,
  ...changes
})

const grouped = (...names: ReadonlyArray<string>) =>
  names.map((name) => label(name, { exclusiveGroup: "Stage" }))

describe("the labels of a team", () => {
  const table: ReadonlyArray<{
    readonly name: string
    readonly found: ReadonlyArray<TeamLabel>
    readonly planningEnabled?: boolean
    readonly problem: string | null
  }> = [
    { name: "that do not exist yet are no problem", found: [], problem: null },
    { name: "may be in no group", found: [label("AI-Implement"), label("AI-Working")], problem: null },
    {
      name: "cannot be the pickup label and a run's in one exclusive group",
      found: grouped("AI-Implement", "AI-Working", "Ready for Review"),
      problem:
        "The labels AI-Implement, AI-Working and Ready for Review are in the group Stage of Linear, of which an issue can have one. Move them out of the group."
    },
    {
      name: "cannot be a plan's and its implementation's in one exclusive group",
      found: grouped("Plan-Complete", "AI-Working"),
      problem:
        "The labels Plan-Complete and AI-Working are in the group Stage of Linear, of which an issue can have one. Move them out of the group."
    },
    {
      name: "of planning do not matter to a mapping without planning",
      found: grouped("AI-Implement", "Plan-Complete"),
      planningEnabled: false,
      problem: null
    },
    {
      name: "that follow one another may be in one group",
      found: [...grouped("AI-Planning", "Plan-Complete"), label("AI-Implement")],
      problem: null
    },
    {
      name: "cannot be retired",
      found: [label("AI-Working", { retired: true })],
      problem: "The label AI-Working is retired in Linear. Restore it."
    },
    {
      name: "cannot be groups",
      found: [label("Ready for Review", { isGroup: true })],
      problem: "Ready for Review is a group of labels in Linear, so no issue can have it. Rename the group."
    }
  ]
  for (const { found, name, planningEnabled = true, problem } of table) {
    it(name, () => {
      const [finding, ...others] = assessLabels({ planningEnabled }, "AI-Implement", found)
      assert.deepStrictEqual(others, [])
      assert.strictEqual(finding?.problem?.message ?? null, problem)
      assert.strictEqual(finding?.check.ok, problem === null)
      if (problem !== null) assert.strictEqual(finding?.problem?.of, "tracker")
    })
  }
})
