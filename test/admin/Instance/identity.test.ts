import { assert, describe, it } from "@effect/vitest"
import { type Identity, unfamiliar } from "../../../src/admin/Instance/identity.ts"

const known: Identity = { publicUrl: "https://a.test", database: "7/1" }

describe("a database", () => {
  const cases: ReadonlyArray<readonly [string, Identity, Identity, ReadonlyArray<string> | null]> = [
    ["that is new is familiar", { publicUrl: null, database: null }, known, null],
    ["that is as it was is familiar", known, known, null],
    ["without a known identity now is familiar", known, { publicUrl: null, database: null }, null],
    ["that gets its first address is familiar", { ...known, publicUrl: null }, known, null],
    [
      "that is seen with another address is not",
      known,
      { ...known, publicUrl: "https://b.test" },
      ["https://a.test", "https://b.test"]
    ],
    ["that was restored elsewhere is not", known, { ...known, database: "7/2" }, ["restored from a backup"]],
    [
      "that is both says both",
      known,
      { publicUrl: "https://b.test", database: "8/1" },
      ["restored from a backup", "https://b.test"]
    ]
  ]
  for (const [name, before, present, expected] of cases) {
    it(name, () => {
      const why = unfamiliar(before, present)
      if (expected === null) return assert.isNull(why)
      for (const part of [...expected, "then resume to confirm"]) assert.include(why, part)
    })
  }
})
