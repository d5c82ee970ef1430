import { assert, describe, it } from "@effect/vitest"
import { strToU8, zipSync } from "fflate"
import { maxBytes, onlyFile } from "../../../src/upstreams/github/zip.ts"

const zip = (files: Readonly<Record<string, string>>, level: 0 | 9 = 9) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), { level })

const text = JSON.stringify({ plan: "Ünïcödé ".repeat(5000) })

describe("the zip of an artifact", () => {
  it("gives the text of its one file, packed or not", () => {
    assert.strictEqual(onlyFile(zip({ "report.json": text })), text)
    assert.strictEqual(onlyFile(zip({ "report.json": text }, 0)), text)
    assert.strictEqual(onlyFile(zip({ "../../report.json": "{}" })), "{}")
  })

  const good = zip({ "report.json": text })
  const bomb = zip({ "report.json": "0".repeat(200 * 1024 * 1024) })
  const hostile: ReadonlyArray<readonly [string, Uint8Array]> = [
    ["that unpacks to more than 1 MiB", bomb],
    ["that is larger than 1 MiB", zip({ "report.json": "a".repeat(maxBytes + 1) }, 0)],
    ["of two files", zip({ "a.json": "{}", "b.json": "{}" })],
    ["of no file", zip({})],
    ["that is cut off", good.slice(0, good.length / 2)],
    ["that is none", strToU8("not a zip at all")],
    ["that is empty", new Uint8Array()],
    ["whose text is no text", zipSync({ "report.json": new Uint8Array([0xff, 0xfe, 0xfd]) })]
  ]
  for (const [name, bytes] of hostile) {
    it(`${name} gives nothing`, () => {
      assert.isNull(onlyFile(bytes))
    })
  }

  it("that unpacks to far more is given up early", () => {
    assert.isBelow(bomb.length, maxBytes)
    const before = process.memoryUsage().arrayBuffers
    assert.isNull(onlyFile(bomb))
    assert.isBelow(process.memoryUsage().arrayBuffers - before, 32 * 1024 * 1024)
  })
})
