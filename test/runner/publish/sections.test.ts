import { assert, describe, it } from "@effect/vitest"
import { isNothing, planOf, saidOf } from "../../../src/runner/publish/sections.ts"

describe("the documents of a plan", () => {
  it.each([
    ["", []],
    ["Just text.", [{ title: "Plan", markdown: "Just text." }]],
    [
      "Intro\n\n# A\n\na\n# B #\nb\n## C\nc",
      [
        { title: "A", markdown: "a" },
        { title: "B", markdown: "b\n## C\nc" }
      ]
    ],
    ["# A\n```\n# no heading\n```\n", [{ title: "A", markdown: "```\n# no heading\n```" }]],
    [
      "# A\na\n# B\nb\n# C\nc\n# D\nd",
      [
        { title: "A", markdown: "a" },
        { title: "B", markdown: "b" },
        { title: "C", markdown: "c" }
      ]
    ]
  ])("of %j", (text, expected) => {
    assert.deepStrictEqual(planOf(text), expected)
  })

  it("are at most 20 000 characters long each", () => {
    assert.strictEqual(planOf(`# A\n${"x".repeat(30_000)}`)[0]?.markdown.length, 20_000)
  })
})

describe("the agent's last message", () => {
  it("is read by its three sections", () => {
    assert.deepStrictEqual(saidOf("## What was done\nA\n\n## How it was verified\nB\n\n## Gaps\n- C"), {
      done: "A",
      verified: "B",
      gaps: "- C"
    })
  })

  it("without sections is what was done", () => {
    assert.deepStrictEqual(saidOf("All of it."), { done: "All of it.", verified: "", gaps: "" })
  })

  it.each([
    ["None.", true],
    ["- none", true],
    ["", true],
    ["**No gaps**", true],
    ["None of the tests ran.", false]
  ])("has gaps or not: %j", (text, expected) => {
    assert.strictEqual(isNothing(text), expected)
  })
})
