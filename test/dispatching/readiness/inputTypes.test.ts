import { assert, describe, it } from "@effect/vitest"
import { inputFault } from "../../../src/dispatching/readiness/inputTypes.ts"
import type { Input } from "../../../src/dispatching/readiness/workflowFile.ts"
import { workflowInputs } from "../../../src/domain/WorkflowInputs.ts"

const input = (name: string, changes: Partial<Input> = {}): Input => ({
  name,
  required: false,
  type: "string",
  options: [],
  ...changes
})
const mapping = { provider: "anthropic", sessionMode: "hybrid" } as const

describe("an input of a workflow", () => {
  it("that is an optional text takes whatever is sent", () => {
    for (const name of new Set(Object.values(workflowInputs).flat())) {
      assert.isNull(inputFault(input(name), "implementation", mapping, false), name)
    }
  })

  const table: ReadonlyArray<readonly [Input, string | null]> = [
    [input("max_turns", { type: "boolean" }), "max_turns has the type boolean"],
    [input("deadline_minutes", { type: "number" }), null],
    [input("pr_number", { type: "number" }), "pr_number has the type number"],
    [input("session_mode", { type: "choice", options: ["autonomous", "hybrid"] }), null],
    [
      input("session_mode", { type: "choice", options: ["autonomous"] }),
      "session_mode does not offer hybrid"
    ],
    [input("provider", { type: "choice", options: ["bedrock"] }), "provider does not offer anthropic"],
    [input("plan", { type: "choice", options: ["yes"] }), "plan has the type choice"],
    [input("aws_region", { type: "environment" }), "aws_region has the type environment"],
    [input("plan", { required: true }), "plan is required, and may be empty"],
    [input("issue_title", { required: true }), null]
  ]
  for (const [declared, fault] of table) {
    it(`${declared.name}, ${declared.type}${declared.required ? ", required" : ""}: ${fault ?? "no fault"}`, () =>
      assert.strictEqual(inputFault(declared, "implementation", mapping, false), fault))
  }

  it("that is required is filled with the callback's address where there is one", () => {
    const callback = input("callback_url", { required: true })
    assert.isNull(inputFault(callback, "planning", mapping, true))
    assert.isNotNull(inputFault(callback, "planning", mapping, false))
  })
})
