import { assert, describe, it } from "@effect/vitest"
import { branchName } from "../../src/domain/Branch.ts"

describe("the branch of an issue", () => {
  const table: ReadonlyArray<readonly [name: string, title: string, branch: string]> = [
    ["is its identifier and title", "Add login", "ai-implement/ENG-42-add-login"],
    ["has no runs of hyphens", "Fix: A/B -- test (2)!", "ai-implement/ENG-42-fix-a-b-test-2"],
    ["begins and ends with a word", "  …(why?) ", "ai-implement/ENG-42-why"],
    ["loses accents, not letters", "Crédit à Łódź, İstanbul", "ai-implement/ENG-42-credit-a-odz-istanbul"],
    ["knows wide letters", "Ｆｉｘ ﬁle", "ai-implement/ENG-42-fix-file"],
    ["cannot leave its place", "../../main@{1}.lock ~^:?*[\\", "ai-implement/ENG-42-main-1-lock"],
    ["is the identifier alone without a Latin word", "ログイン 🚀", "ai-implement/ENG-42"],
    ["is the identifier alone without a title", "", "ai-implement/ENG-42"],
    ["keeps 48 characters of a long title", "a".repeat(300), `ai-implement/ENG-42-${"a".repeat(48)}`],
    [
      "does not end in the hyphen where a long title was cut",
      `${"a".repeat(47)} bcd`,
      `ai-implement/ENG-42-${"a".repeat(47)}`
    ]
  ]
  for (const [name, title, branch] of table) {
    it(name, () => assert.strictEqual(branchName("ENG-42", title, 1), branch))
  }

  it("counts from the second on", () => {
    assert.strictEqual(branchName("ENG-42", "Add login", 2), "ai-implement/ENG-42-add-login-2")
    assert.strictEqual(branchName("ENG-42", "Add login", 11), "ai-implement/ENG-42-add-login-11")
    assert.strictEqual(branchName("ENG-42", "", 2), "ai-implement/ENG-42-2")
  })
})
