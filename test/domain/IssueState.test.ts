import { assert, describe, it } from "@effect/vitest"
import { closedStates, isCanceled } from "../../src/domain/IssueState.ts"

describe("the state of an issue", () => {
  const table: ReadonlyArray<readonly [string, closed: boolean, canceled: boolean]> = [
    ["triage", false, false],
    ["backlog", false, false],
    ["unstarted", false, false],
    ["started", false, false],
    ["completed", true, false],
    ["canceled", true, true],
    ["duplicate", true, true],
    ["one that Linear adds later", false, false]
  ]
  for (const [state, closed, canceled] of table) {
    it(`${state}: ${closed ? "over" : "open"}${canceled ? ", and its run stops" : ""}`, () => {
      assert.strictEqual(closedStates.includes(state), closed)
      assert.strictEqual(isCanceled(state), canceled)
    })
  }
})
