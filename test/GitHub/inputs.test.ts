import { assert, it } from "@effect/vitest"
import { inputsOf, mostCharacters } from "../../src/GitHub/inputs.ts"
import { request } from "./support.ts"

const size = (value: unknown) => JSON.stringify(value).length

it("what fits goes as it is", () => {
  const issueDescription = "x".repeat(50_000)
  assert.strictEqual(inputsOf({ ...request, issueDescription })?.["issue_description"], issueDescription)
})

it("a long description is cut to what fits, with a note, and never within a character", () => {
  for (const part of ["x", "\n", '"', "ä", "😀"]) {
    const inputs = inputsOf({ ...request, issueDescription: part.repeat(70_000) })
    assert.isAtMost(size(inputs), mostCharacters)
    assert.isAbove(size(inputs), mostCharacters - 10)
    const [kept = "", note = ""] = inputs?.["issue_description"]?.split("\n\n[") ?? []
    assert.match(note, /^The description .*cut here/)
    assert.strictEqual(kept, part.repeat(kept.length / part.length))
  }
})

it("nothing is cut for an input that the workflow does not declare", () => {
  const inputs = inputsOf({
    ...request,
    issueDescription: "x".repeat(70_000),
    undeclaredInputs: ["issue_description", "extra_env"]
  })
  assert.notProperty(inputs ?? {}, "issue_description")
  assert.notProperty(inputs ?? {}, "extra_env")
})

it("what cannot be made to fit is no input at all", () => {
  assert.isNull(inputsOf({ ...request, extraEnv: { HUGE: "x".repeat(mostCharacters) } }))
})
