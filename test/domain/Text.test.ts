import { assert, describe, it } from "@effect/vitest"
import {
  foreignText,
  plainText,
  printableJson,
  someForeignText,
  someText,
  text,
  trimmedText,
  webUrl
} from "../../src/domain/Text.ts"
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

  it("that a person writes is trimmed, and not blank", () => {
    assert.strictEqual(decode(trimmedText(9), " a b\n"), "a b")
    for (const blank of ["", "  ", "\n\t"]) {
      assert.deepStrictEqual(decode(trimmedText(5), blank), [": must not be empty"])
    }
  })
})

const dirty: ReadonlyArray<readonly [what: string, given: string, plain: string]> = [
  ["an escape sequence of a terminal", "\u001b[31mred\u001b]0;title\u0007", "[31mred]0;title"],
  ["a control character of the second set", "a\u009b31mb\u0085", "a31mb"],
  ["an override of the order", "user\u202etxt.exe", "usertxt.exe"],
  ["an isolate", "a\u2066b\u2069", "ab"],
  ["a carriage return", "a\r\nb\rc", "a\nb\nc"],
  ["NUL and half of a surrogate pair", "a\u0000b\ud83d", "ab\ufffd"]
]

describe("plain text", () => {
  for (const [what, given, plain] of dirty) {
    it(`has no ${what}`, () => assert.strictEqual(plainText(given), plain))
  }

  it("keeps tabs, lines, and letters of every direction", () => {
    const text = "a\tb\nשלום é🚀"
    assert.strictEqual(plainText(text), text)
  })
})

describe("JSON for a terminal", () => {
  it("has escapes in place of what a terminal acts on, and the same value", () => {
    const value = dirty.map(([, given]) => given)
    const json = printableJson(JSON.stringify(value, null, 2))
    // oxlint-disable-next-line no-control-regex
    assert.notMatch(json, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    assert.deepStrictEqual(JSON.parse(json), value)
  })
})

describe("text of a run", () => {
  it("is received as plain text, and is not empty where something must be there", () => {
    assert.strictEqual(decode(foreignText(20), "\u001b[31mred"), "[31mred")
    assert.strictEqual(decode(foreignText(20), "\u202e"), "")
    assert.deepStrictEqual(decode(someForeignText(20), "\u202e"), [": must not be empty"])
    assert.deepStrictEqual(decode(foreignText(2), "abc"), [": must be at most 2 characters"])
  })
})

describe("the address of a page", () => {
  for (const address of ["https://github.test/acme/web/pull/1", "http://127.0.0.1:8080/x?y#z"]) {
    it(`may be ${address}`, () => assert.strictEqual(decode(webUrl(100), address), address))
  }
  for (const address of [
    "javascript:alert(1)",
    "JAVASCRIPT://x",
    "data:text/html,x",
    "//evil.test",
    "https://a b",
    ""
  ]) {
    it(`is not ${JSON.stringify(address)}`, () => assert.isArray(decode(webUrl(100), address)))
  }
})
