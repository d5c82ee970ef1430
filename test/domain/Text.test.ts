import { assert, describe, it } from "@effect/vitest"
import { someText, text } from "../../src/domain/Text.ts"
import { decode } from "../support/schema.ts"

describe("text", () => {
  for (const given of ["", "abc", "a\tb\nc", "é🚀"]) {
    it(`may be ${JSON.stringify(given)}`, () => assert.strictEqual(decode(text(3 + 2), given), given))
  }

  const table: ReadonlyArray<readonly [string, unknown, ReadonlyArray<string>]> = [
    ["is not longer than its limit", "abcdef", [": must be at most 5 characters"]],
    ["has no NUL, which PostgreSQL cannot hold", "a\u0000", [": must not contain a NUL character"]],
    [
      "has no half of a surrogate pair, which PostgreSQL cannot hold in a document",
      "a\ud83d",
      [": must be valid Unicode: it contains half of a surrogate pair"]
    ]
  ]
  for (const [name, given, complaints] of table) {
    it(name, () => assert.deepStrictEqual(decode(text(5), given), complaints))
  }

  it("that must be there is not empty", () => {
    assert.deepStrictEqual(decode(someText(5), ""), [": must not be empty"])
    assert.strictEqual(decode(someText(5), " "), " ")
  })
})
