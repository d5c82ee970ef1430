import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { choosePull } from "../../../src/upstreams/github/choosePull.ts"

interface Draft {
  readonly branch?: string
  readonly title?: string
  readonly body?: string
  readonly repository?: number | null
  readonly type?: string
  readonly minute?: number
}

const pull = ({
  branch = "odd",
  title = "Search",
  body,
  repository = 1,
  type = "Bot",
  minute = 0
}: Draft) => ({
  title,
  body: body ?? null,
  created_at: DateTime.makeUnsafe(minute * 60_000),
  user: { type },
  head: { ref: branch, repo: repository === null ? null : { id: repository } },
  base: { repo: { id: 1 } }
})

const title = "ENG-4: Search"

describe("the pull request of a run", () => {
  for (const [sentence, drafts, chosen] of [
    ["carries the identifier in its title", [{}, { title }], 1],
    ["carries the identifier in its branch", [{ branch: "claude/eng-4-search" }], 0],
    ["carries the identifier in its body", [{ body: "Fixes ENG-4." }], 0],
    ["is not one of a longer identifier", [{ title: "ENG-42: Search" }, { title: "XENG-4" }], null],
    ["is not one of a fork", [{ title, repository: 2 }], null],
    ["is not one of a deleted fork", [{ title, repository: null }], null],
    ["is not displaced by a newer one of a fork", [{ title }, { title, repository: 2, minute: 5 }], 0],
    [
      "is a bot's before a person's",
      [
        { title, type: "User" },
        { title, minute: 5 }
      ],
      1
    ],
    ["is a person's when no bot opened one", [{ title, type: "User" }], 0],
    [
      "is the oldest whose branch carries the identifier among several",
      [{ title }, { branch: "eng-4-b", minute: 9 }, { branch: "eng-4-a", minute: 3 }],
      2
    ],
    ["is undecided among several that only name the identifier", [{ title }, { title, minute: 1 }], null]
  ] as ReadonlyArray<[string, ReadonlyArray<Draft>, number | null]>) {
    it(sentence, () => {
      const pulls = drafts.map(pull)
      assert.strictEqual(choosePull(pulls, "ENG-4"), chosen === null ? null : (pulls[chosen] ?? null))
    })
  }
})
