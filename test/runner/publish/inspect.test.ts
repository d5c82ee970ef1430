import { assert, describe, it } from "@effect/vitest"
import { changesOf, textsOf } from "../../../src/runner/publish/inspect.ts"

describe("git's raw diff", () => {
  it("is read with any character in a path", () => {
    const raw = [
      ":000000 100644 0000000 aaa A",
      "src/a b.ts",
      ":100644 000000 bbb 0000000 D",
      ":odd\nname",
      ":000000 160000 0000000 ccc A",
      "lib",
      ""
    ].join("\0")
    assert.deepStrictEqual(changesOf(raw), [
      { path: "src/a b.ts", mode: "100644", blob: "aaa", isDeleted: false },
      { path: ":odd\nname", mode: "000000", blob: "0000000", isDeleted: true },
      { path: "lib", mode: "160000", blob: "ccc", isDeleted: false }
    ])
  })
})

describe("git's batch of objects", () => {
  it("is read by sizes, so that no content is taken for a header", () => {
    const bytes = Buffer.from("id1 blob 12\nid8 blob 1\nx\nid9 missing\nid2 blob 2\nhi\nid3 tree 1\n\0\n")
    assert.deepStrictEqual(
      [...textsOf(bytes)],
      [
        ["id1", "id8 blob 1\nx"],
        ["id2", "hi"]
      ]
    )
  })
})
