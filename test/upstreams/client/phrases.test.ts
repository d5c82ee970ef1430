import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { makePhrases } from "../../../src/upstreams/client/phrases.ts"

const known = makePhrases([
  "required input '{value}' not provided",
  "no ref found for: {value}",
  "memory: {number}, must be in a {number} MiB increment",
  'the name "{value}" already exists',
  "resource (a.b) is taken?"
])
const own = ["main", "feature/eng-12", "AI-Working"]

describe("a vendor's message", () => {
  it.each([
    ["No ref found for: main.", "no ref found for: main"],
    ["Invalid request.\n\nNo ref found for: feature/eng-12", "no ref found for: feature/eng-12"],
    [
      "invalid_argument: memory: 300, must be in a 256 MiB increment",
      "memory: 300, must be in a 256 MiB increment"
    ],
    ['A label with the name "AI-Working" already exists.', 'the name "AI-Working" already exists'],
    ["Resource (a.b) is taken?", "resource (a.b) is taken?"]
  ])("is repeated as the known phrase in it: %s", (text, shown) => {
    assert.strictEqual(known(text, own), shown)
  })

  it.each([
    ["No ref found for: gone", "no ref found for: …"],
    ["No ref found for: main\u001B[31mghs_16C7e42F292c6912E7", "no ref found for: …"],
    ["Required input 'hunter22' not provided", "required input '…' not provided"],
    ["key ghs_16C7 and No ref found for: main and more", "no ref found for: main"]
  ])("is repeated without values that are not our own: %s", (text, shown) => {
    assert.strictEqual(known(text, own), shown)
  })

  it.each([
    "",
    "Not on the list",
    "memory: 12345678901234567890, must be in a 256 MiB increment",
    "resource (axb) is taken?",
    `${"x".repeat(2000)} No ref found for: main`
  ])("that holds no known phrase is not shown: %s", (text) => {
    assert.isNull(known(text, own))
  })

  it("never repeats a secret that was sent, even where it equals our own value or is a number", () => {
    assert.strictEqual(known("No ref found for: main", own, ["main"]), "no ref found for: …")
    assert.strictEqual(
      known("memory: 4711, must be in a 256 MiB increment", own, ["4711"]),
      "memory: …, must be in a 256 MiB increment"
    )
  })

  it("consists of the phrase, our own values and short numbers, whatever surrounds it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (before, value, after) => {
        const shown = known(`${before}No ref found for: ${value} ${after}`, own)
        if (shown === null) return
        assert.match(
          shown,
          /^(?:no ref found for: (?:main|feature\/eng-12|AI-Working|…)|required input '(?:main|…)' not provided|the name "(?:main|…)" already exists|resource \(a\.b\) is taken\?)$/
        )
      }),
      { seed: 1, numRuns: 2000 }
    )
  })
})
