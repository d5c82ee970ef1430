import { assert, describe, it } from "@effect/vitest"
import { harmless, quoted } from "../../../src/runner/publish/markdown.ts"
import { bodyOf, type Facts, titleOf, updatedBody } from "../../../src/runner/publish/pullRequest.ts"
import { contextSample, dispatchId } from "../../support/orchestratorDouble.ts"

const facts: Facts = {
  context: contextSample,
  result: {
    dispatchId,
    phase: "implementation",
    ending: "finished",
    message: "",
    base: null,
    tip: null,
    text: "## What was done\nSearch by title.\n\n## How it was verified\nBy tests.",
    verify: { command: "npm test", passed: true, message: "verify passed.", lines: [] },
    notes: [],
    answers: [{ question: "a or b?", answer: "b" }],
    usage: { model: "m-1", costUsd: 1.234, tokens: 10, turns: 2, permissionDenials: [], sessionId: null },
    lines: []
  },
  gaps: ["No docs."],
  dispatchUrl: "https://ai.test/admin/dispatches/1",
  runUrl: null
}

describe("the body of a pull request", () => {
  it("says what was asked, done, verified and left, the answers, and what it cost", () => {
    const body = bodyOf(facts, null)
    for (const part of [
      "## Issue\n\nFixes ENG-42 (https://linear.test/acme/issue/ENG-42)",
      "## What was done\n\n> Search by title.",
      "## How it was verified\n\n`npm test`: passed\n\n> By tests.",
      "## Gaps\n\n- No docs.",
      "> Question: a or b?\n>\n> Answer: b",
      "Model m-1, $1.23, 10 tokens, 2 turns · [dispatch](https://ai.test/admin/dispatches/1)"
    ]) {
      assert.include(body, part)
    }
  })

  it("fills the template of the repository, and adds what it does not ask for", () => {
    const body = bodyOf(
      facts,
      "# Our form\n\n## Description\n\n<!-- what -->\n\n## Testing\n\n- [ ] I tested\n\n## Licence\n"
    )
    assert.match(
      body,
      /## Description\n\n> Search by title\.[^]*<!-- what -->[^]*## Testing\n\n`npm test`: passed[^]*- \[ \] I tested[^]*## Licence[^]*## Issue[^]*## Gaps/
    )
    assert.notInclude(body, "## What was done")
  })

  it("replaces only its own part when it is updated", () => {
    const body = updatedBody(`Mine.\n${bodyOf(facts, null)}Below.`, { ...facts, gaps: [] })
    assert.isTrue(body.startsWith("Mine.\n<!-- ai-implement:begin -->"))
    assert.isTrue(body.trimEnd().endsWith("Below."))
    assert.notInclude(body, "No docs.")
    assert.include(updatedBody("Mine.", facts), "Mine.\n\n<!-- ai-implement:begin -->")
  })
})

describe("text of an agent", () => {
  it.each([
    ["mentions", "ask @octocat and @acme/team", /@(octocat|acme)/],
    ["closing keywords", "Fixes #12, closes acme/app#3, Resolves ENG-7", /(fixes|closes|resolves)\s/i],
    ["references", "see #12 and GH-3", /#12|GH-3/],
    ["HTML", "<img src=x onerror=alert(1)><!-- ai-implement:end -->", /<(img|!--)/],
    ["images", "![x](https://evil.test/p.png)", /!\[/],
    ["scripts in links", "[x](javascript:alert(1))", /javascript:/],
    ["direction marks", "a\u202eb", /\u202e/]
  ])("loses %s", (_, text, pattern) => {
    assert.match(text, pattern)
    assert.notMatch(harmless(text), pattern)
  })

  it("keeps simple Markdown and code", () => {
    const text = "- **a** `b` [c](https://d.test)\n\n```ts\nconst e = 1\n```"
    assert.strictEqual(harmless(text), text)
  })

  it("cannot leave its quotation", () => {
    assert.isTrue(
      quoted("```\nopen\n\n# Heading")
        .split("\n")
        .every((line) => line.startsWith(">"))
    )
  })

  it("makes one line of a title", () => {
    assert.strictEqual(titleOf({ identifier: "ENG-1", title: "a\n\nb" }), "ENG-1: a b")
    assert.isAtMost(titleOf({ identifier: "ENG-1", title: "x".repeat(500) }).length, 256)
  })
})
