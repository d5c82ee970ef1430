import { assert, describe, it } from "@effect/vitest"
import { hasLabel } from "../../src/domain/Labels.ts"

describe("an issue has a label", () => {
  const table: ReadonlyArray<readonly [string, ReadonlyArray<string>, boolean]> = [
    ["in any case", ["Bug", "ai-WORKING"], true],
    ["by its whole name", ["AI-Working-2", "AI"], false],
    ["never without labels", [], false]
  ]
  for (const [name, worn, expected] of table) {
    it(name, () => assert.strictEqual(hasLabel(worn, "AI-Working"), expected))
  }
})
