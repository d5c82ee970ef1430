import { assert, describe, it } from "@effect/vitest"
import { commitOf, rewritten } from "../../../src/runner/publish/commits.ts"

const bot = { name: "ai-implement[bot]", email: "bot@test.test" }
const raw = [
  "tree t1",
  "parent p1",
  "parent p2",
  "author Eve <eve@test.test> 1700000000 +0100",
  "committer Eve <eve@test.test> 1700000001 +0000",
  "gpgsig -----BEGIN PGP SIGNATURE-----",
  " tree forged",
  " -----END PGP SIGNATURE-----",
  "",
  "Add search",
  "",
  "By title.",
  ""
].join("\n")

describe("a commit of the agent", () => {
  it("is read without its signature", () => {
    assert.deepStrictEqual(commitOf(raw), {
      tree: "t1",
      parents: ["p1", "p2"],
      author: "Eve <eve@test.test> 1700000000 +0100",
      committer: "Eve <eve@test.test> 1700000001 +0000",
      message: "Add search\n\nBy title.\n"
    })
  })

  it("becomes one of the bot with its author as trailer, at the same times", () => {
    assert.strictEqual(
      rewritten(commitOf(raw), ["n1", "p2"], bot),
      [
        "tree t1",
        "parent n1",
        "parent p2",
        "author ai-implement[bot] <bot@test.test> 1700000000 +0100",
        "committer ai-implement[bot] <bot@test.test> 1700000001 +0000",
        "",
        "Add search",
        "",
        "By title.",
        "",
        "Co-authored-by: Eve <eve@test.test>",
        ""
      ].join("\n")
    )
  })

  it.each([
    ["Add\n\nSigned-off-by: A <a@b>", "Add\n\nSigned-off-by: A <a@b>\nCo-authored-by: Eve <eve@test.test>\n"],
    ["Add\n\nCo-authored-by: Eve <eve@test.test>\n", "Add\n\nCo-authored-by: Eve <eve@test.test>\n"],
    ["", "Work of the agent\n\nCo-authored-by: Eve <eve@test.test>\n"]
  ])("keeps trailers together: %j", (message, expected) => {
    const made = rewritten({ ...commitOf(raw), message }, [], bot)
    assert.strictEqual(made.slice(made.indexOf("\n\n") + 2), expected)
  })
})
