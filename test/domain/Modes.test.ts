import { assert, describe, it } from "@effect/vitest"
import { effectiveExecutionMode, type ExecutionMode, type RunnerMode } from "../../src/domain/Modes.ts"

describe("the execution mode of an implementation", () => {
  const table: ReadonlyArray<readonly [RunnerMode, ExecutionMode, ExecutionMode]> = [
    ["default", "github-actions", "github-actions"],
    ["default", "fly-machines", "fly-machines"],
    ["gha", "github-actions", "github-actions"],
    ["gha", "fly-machines", "github-actions"],
    ["fly", "github-actions", "fly-machines"],
    ["fly", "fly-machines", "fly-machines"]
  ]
  for (const [runnerMode, mapped, expected] of table) {
    it(`runner mode ${runnerMode}, mapping ${mapped}: ${expected}`, () =>
      assert.strictEqual(effectiveExecutionMode(mapped, runnerMode), expected))
  }
})
