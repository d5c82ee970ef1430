import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { sortNodes } from "../../../src/upstreams/linear/issue.ts"

const now = DateTime.makeUnsafe("2026-11-23T10:00:00.000Z")

const relation = (issue: unknown) => ({
  nodes: [{ type: "blocks", issue }],
  pageInfo: { hasNextPage: false }
})

const node = (changes: object = {}) => ({
  id: "5f4b0a3c-0000-4000-8000-000000000042",
  identifier: "ENG-42",
  title: "Add login",
  description: null,
  url: "https://linear.app/acme/issue/ENG-42",
  priority: 0,
  createdAt: "2026-11-23T09:00:00.000Z",
  updatedAt: "2026-11-23T09:00:00.000Z",
  archivedAt: null,
  trashed: null,
  labelIds: [],
  state: { id: "state", name: "Todo", type: "unstarted" },
  team: { id: "team", key: "ENG" },
  inverseRelations: { nodes: [], pageInfo: { hasNextPage: false } },
  ...changes
})

describe("a page of issues", () => {
  const table: ReadonlyArray<readonly [string, object, string]> = [
    ["a title that is null", { title: null }, "title"],
    ["a blocker in a team that the key does not see", { inverseRelations: relation(null) }, "blockers"],
    ["a state that is missing", { state: undefined }, "state"],
    ["labels that are null", { labelIds: null }, "labels"],
    ["an unknown priority", { priority: 9 }, "priority"],
    ["an address of another scheme", { url: "javascript:alert(1)" }, "url"]
  ]
  for (const [name, changes, what] of table) {
    it(`with ${name}: that issue alone is unreadable`, () => {
      const sorted = sortNodes([node({ id: "other" }), node(changes)], now)
      assert.deepStrictEqual(
        sorted?.readable.map(({ id }) => String(id)),
        ["other"]
      )
      const [odd, ...others] = sorted?.unreadable ?? []
      assert.deepStrictEqual(others, [])
      assert.strictEqual(String(odd?.id), node().id)
      assert.deepInclude(odd, { identifier: "ENG-42", unreadable: what, labels: [] })
    })
  }

  it("with a team that is null names none", () => {
    const [odd] = sortNodes([node({ team: null })], now)?.unreadable ?? []
    assert.strictEqual(odd?.team.key, "")
  })

  it("with something that has no id is not understood", () => {
    for (const nothing of [null, "x", {}, { id: null }, { id: "" }]) {
      assert.isNull(sortNodes([node(), nothing], now), JSON.stringify(nothing))
    }
  })
})
