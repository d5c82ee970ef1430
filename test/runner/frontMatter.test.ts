import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { instructionsOf, noInstructions } from "../../src/runner/frontMatter.ts"

describe("the front matter of WORKFLOW.md", () => {
  it("gives settings, hooks with their limits, protected paths and the prompt", () => {
    const text = [
      "---",
      "model: opus",
      "effort: high",
      "max_turns: 50",
      "max_budget_usd: 2.5",
      "setup: npm ci",
      "verify: { run: npm test, minutes: 20 }",
      "teardown:",
      'protected: ["infra/**"]',
      "future: field",
      "---",
      "",
      "Do it."
    ].join("\r\n")
    assert.deepStrictEqual(
      instructionsOf(text),
      Result.succeed({
        model: "opus",
        effort: "high",
        maxTurns: 50,
        maxBudgetUsd: 2.5,
        hooks: { setup: { run: "npm ci", minutes: 10 }, verify: { run: "npm test", minutes: 20 } },
        protectedPaths: ["infra/**"],
        prompt: "Do it."
      })
    )
  })

  it.each([
    ["no front matter", "Do it.\n", "Do it."],
    ["an empty one", "---\n---\nDo it.", "Do it."],
    ["comments alone", "---\n# model: opus\n---\nDo it.", "Do it."],
    ["one that never ends", "---\nmodel: opus\n", "---\nmodel: opus"]
  ])("%s leaves every setting as it is", (_, text, prompt) => {
    assert.deepStrictEqual(instructionsOf(text), Result.succeed({ ...noInstructions, prompt }))
  })

  it.each([
    ["max_turns: 0", "max_turns"],
    ["max_turns: many", "max_turns"],
    ["max_budget_usd: -1", "max_budget_usd"],
    ["setup: { run: x, minutes: 0 }", "setup"],
    ["protected: infra", "protected"],
    ["model: --dangerous flag", "model"],
    ["a: [", ""]
  ])("%s is refused by name", (line, name) => {
    const result = instructionsOf(`---\n${line}\n---\n`)
    assert.isTrue(Result.isFailure(result))
    if (Result.isFailure(result)) assert.include(result.failure, name)
  })
})
