import { assert, it } from "vitest"
import { lineDiff } from "../../../web/lib/line-diff.ts"

const signs = { same: " ", added: "+", removed: "-" }

it.for([
  ["a\nb\nc", "a\nx\nc", [" a", "-b", "+x", " c"]],
  ["a\nb", "a\nb\nc", [" a", " b", "+c"]],
  ["a\nb\nc\nd", "b\nd\na", ["-a", " b", "-c", " d", "+a"]],
  ["a", "a", [" a"]],
  ["", "a", ["-", "+a"]]
] as const)("the lines of %j become %j", ([before, after, expected]) => {
  assert.deepStrictEqual(
    lineDiff(before, after).map(({ kind, text }) => signs[kind] + text),
    [...expected]
  )
})

it("texts of many lines are compared as two blocks", () => {
  const lines = (letter: string) => Array.from({ length: 3000 }, (_, index) => `${letter}${index}`).join("\n")
  const changes = lineDiff(lines("a"), lines("b"))
  assert.deepStrictEqual([changes[0]?.kind, changes.at(-1)?.kind, changes.length], ["removed", "added", 6000])
})
