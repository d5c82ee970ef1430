import { assert, describe, it } from "@effect/vitest"
import { leastNeeded, workflowInputs } from "../../src/domain/WorkflowInputs.ts"

const filled = (names: ReadonlyArray<string>) => Object.fromEntries(names.map((name) => [name, "x"]))

describe("inputs for a server that takes fewer", () => {
  for (const [phase, names] of Object.entries(workflowInputs)) {
    it(`${phase}: keep what identifies and steers the run, in each number`, () => {
      for (const max of [1, 4, 10, names.length - 1]) {
        const leftOut = leastNeeded(filled(names), max)
        assert.lengthOf(leftOut, names.length - max)
        assert.notInclude(leftOut, "dispatch_id")
      }
      assert.includeMembers(
        ["dispatch_id", "issue_id", "issue_identifier", "callback_url"],
        names.filter((name) => !leastNeeded(filled(names), 4).includes(name))
      )
    })
  }

  it("lose the empty ones first", () =>
    assert.deepStrictEqual(leastNeeded({ dispatch_id: "", max_turns: "5", branch: "x" }, 2), ["dispatch_id"]))

  it("stay whole where they fit", () =>
    assert.deepStrictEqual(leastNeeded(filled(workflowInputs.planning), Infinity), []))
})
