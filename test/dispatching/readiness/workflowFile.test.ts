import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { parseWorkflow, type WorkflowFile } from "../../../src/dispatching/readiness/workflowFile.ts"

const jobs = "jobs:\n  agent:\n    steps:\n      - run: 'true'\n"

const workflow = (changes: object = {}): WorkflowFile => ({
  _tag: "Workflow",
  dispatchable: true,
  inputs: [],
  named: false,
  reports: false,
  refusesBots: false,
  ...changes
})

const step = (given: string) =>
  `on: workflow_dispatch\njobs:\n  agent:\n    steps:\n      - uses: anthropics/claude-code-action@a1b2\n${given}`

const cases: ReadonlyArray<[sentence: string, text: string, is: WorkflowFile]> = [
  ["a trigger by name", `on: workflow_dispatch\n${jobs}`, workflow()],
  ["a trigger in a list", `on: [push, workflow_dispatch]\n${jobs}`, workflow()],
  ["a trigger without inputs", `on:\n  workflow_dispatch:\n${jobs}`, workflow()],
  ["no such trigger", `on: [push]\n${jobs}`, workflow({ dispatchable: false })],
  [
    "inputs, required only without a default",
    `on:\n  workflow_dispatch:\n    inputs:\n      a: { required: true }\n      b: { required: true, default: x }\n      c:\n${jobs}`,
    workflow({
      inputs: [
        { name: "a", required: true, type: "string", options: [] },
        { name: "b", required: false, type: "string", options: [] },
        { name: "c", required: false, type: "string", options: [] }
      ]
    })
  ],
  [
    "names of inputs that would not print",
    `on:\n  workflow_dispatch:\n    inputs: { "a\\u0000<b>": { required: true } }\n${jobs}`,
    workflow({ inputs: [{ name: "a??b?", required: true, type: "string", options: [] }] })
  ],
  [
    "a run-name with the dispatch id",
    `run-name: \${{ inputs.dispatch_id }}\non: workflow_dispatch\n${jobs}`,
    workflow({ named: true })
  ],
  [
    "a call of the report workflow",
    "on: workflow_dispatch\njobs:\n  report:\n    uses: ./.github/workflows/ai-implement-report.yml\n",
    workflow({ reports: true })
  ],
  ["the action without allowed_bots", step(""), workflow({ refusesBots: true })],
  [
    "the action with empty allowed_bots",
    step("        with: { allowed_bots: '' }\n"),
    workflow({ refusesBots: true })
  ],
  ["the action with allowed_bots", step("        with: { allowed_bots: my-app }\n"), workflow()],
  ["no YAML", "on: push\njobs: [", { _tag: "Broken", why: "line 2 is not valid YAML" }],
  ["YAML that is no workflow", "name: x\n", { _tag: "Broken", why: "it has no `on:` or no `jobs:`" }],
  [
    "types of inputs, and the options of a choice",
    `on:\n  workflow_dispatch:\n    inputs:\n      a: { type: choice, options: [x, 1] }\n      b: { type: number }\n      c: { type: colour }\n${jobs}`,
    workflow({
      inputs: [
        { name: "a", required: false, type: "choice", options: ["x", "1"] },
        { name: "b", required: false, type: "number", options: [] },
        { name: "c", required: false, type: "string", options: [] }
      ]
    })
  ],
  ["nothing", "", { _tag: "Broken", why: "it has no `on:` or no `jobs:`" }],
  ["too much", "#".repeat(140_000), { _tag: "Unclear" }]
]

describe("the parser of workflow files reads", () => {
  for (const [sentence, text, is] of cases) {
    it(sentence, () => assert.deepStrictEqual(parseWorkflow(text), is))
  }

  it("no aliases that multiply", () => {
    const level = (n: number) =>
      `l${n}: &l${n} [${Array.from({ length: 9 }, () => `*l${n - 1}`).join(", ")}]\n`
    const text = `l0: &l0 [x]\n${Array.from({ length: 9 }, (_, n) => level(n + 1)).join("")}on: push\n${jobs}`
    assert.deepStrictEqual(parseWorkflow(text), { _tag: "Unclear" })
  })

  it("any content without a defect", () => {
    const pieces = fc.constantFrom(
      "on:",
      "workflow_dispatch",
      "jobs:",
      "inputs:",
      "[",
      "{",
      "- ",
      "&a ",
      "*a",
      "!!x ",
      "\n",
      "  ",
      "\0",
      "%YAML 1.1\n",
      "---"
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 60 }), (parts) => {
        assert.include(["Broken", "Unclear", "Workflow"], parseWorkflow(parts.join(""))._tag)
      })
    )
  })
})
