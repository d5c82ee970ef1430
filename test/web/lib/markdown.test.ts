import { assert, it } from "vitest"
import { blocksOf, inlineOf } from "../../../web/lib/markdown.ts"

it.for([
  ["`a*b*`", ["code"]],
  ["**a** and *b*", ["strong", "text", "em"]],
  ["[x](https://x.test) ![y](http://y.test/a.png)", ["link", "text", "link"]],
  ["https://x.test/a_b_c.", ["link"]],
  ["[x](javascript:alert(1))", ["text"]],
  ["[x](//x.test) <b>", ["text"]],
  ["2 * 3 * 4", ["text"]]
] as const)("%s has the parts %j", ([text, kinds]) => {
  assert.deepStrictEqual(
    inlineOf(text).map(({ kind }) => kind),
    [...kinds]
  )
})

it.for([
  ["# a\n\nb\nc\n\n---", ["heading", "paragraph", "rule"]],
  ["```\n# a\n```\nb", ["code", "paragraph"]],
  ["```\nnever closed", ["code"]],
  ["- a\n  - b\n    more\n\n1. c", ["list", "list"]],
  ["|a|b|\n|-|-|\n|c|d|\n> q", ["table", "quote"]],
  ["<script>\n\n\n", ["paragraph"]]
] as const)("%j has the blocks %j", ([text, kinds]) => {
  assert.deepStrictEqual(
    blocksOf(text).map(({ kind }) => kind),
    [...kinds]
  )
})

it("a text made to be slow is read in time", () => {
  const from = performance.now()
  for (const piece of ["*a", "[a](", "`", "**", "- - ", "_ ", "| ", "> "])
    blocksOf(piece.repeat(60_000 / piece.length))
  assert.isBelow(performance.now() - from, 2000)
})
