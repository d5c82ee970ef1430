import { assert, describe, it } from "@effect/vitest"
import { askedIn } from "../../src/domain/Command.ts"

describe("a comment", () => {
  const table: ReadonlyArray<readonly [string, string | null]> = [
    ["/ai-implement", ""],
    ["/ai-implement use the blue one", "use the blue one"],
    ["/ai-implement\nFirst this.\n\nThen that.\n", "First this.\n\nThen that."],
    ["/ai-implementation", null],
    ["/ai-implement-later", null],
    ["/AI-Implement", null],
    [" /ai-implement", null],
    ["please /ai-implement", null],
    ["> /ai-implement", null],
    ["", null]
  ]
  for (const [comment, asked] of table) {
    it(`${JSON.stringify(comment)} asks for ${JSON.stringify(asked)}`, () => {
      assert.strictEqual(askedIn(comment), asked)
    })
  }
})
