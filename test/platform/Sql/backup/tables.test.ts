import { assert, describe, it } from "@effect/vitest"
import { inOrder } from "../../../../src/platform/Sql/backup/tables.ts"

const table = (name: string, ...refersTo: ReadonlyArray<string>) => ({ name, columns: [], refersTo })

describe("the order of tables", () => {
  it.each([
    ["that refer to none stays", [table("a"), table("b")], "a b"],
    ["puts a table after those that it refers to", [table("a", "c"), table("b", "a"), table("c")], "c a b"],
    ["passes over a reference to itself", [table("a", "a", "b"), table("b")], "b a"],
    ["passes over a table that is not backed up", [table("a", "elsewhere")], "a"]
  ])("%s", (_, tables, expected) => {
    assert.strictEqual(
      inOrder(tables)
        .map(({ name }) => name)
        .join(" "),
      expected
    )
  })
})
