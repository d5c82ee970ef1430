import { assert, describe, it } from "@effect/vitest"
import { workflowInputs } from "../../../src/domain/WorkflowInputs.ts"
import { inputsOf, maxCharacters } from "../../../src/upstreams/github/inputs.ts"
import { request } from "../../support/githubClient.ts"

const size = (value: unknown) => JSON.stringify(value).length

it("inputs that fit are sent unchanged", () => {
  const issueDescription = "x".repeat(50_000)
  assert.strictEqual(inputsOf({ ...request, issueDescription })?.["issue_description"], issueDescription)
})

it("a long description is cut to what fits, with a note, and never within a character", () => {
  for (const part of ["x", "\n", '"', "ä", "😀"]) {
    const inputs = inputsOf({ ...request, issueDescription: part.repeat(70_000) })
    assert.isAtMost(size(inputs), maxCharacters)
    assert.isAbove(size(inputs), maxCharacters - 10)
    const [prefix = "", note = ""] = inputs?.["issue_description"]?.split("\n\n[") ?? []
    assert.match(note, /^The description .*cut here/)
    assert.strictEqual(prefix, part.repeat(prefix.length / part.length))
  }
})

it("what is sent is what a workflow of the phase is expected to declare", () => {
  for (const phase of ["planning", "implementation"] as const) {
    assert.sameMembers(Object.keys(inputsOf({ ...request, phase }) ?? {}), [...workflowInputs[phase]])
  }
})

describe("a planning run", () => {
  const planning = {
    ...request,
    phase: "planning",
    planFeedback: "Too large.",
    previousPlan: "# Plan"
  } as const

  it("receives the rejected plan and the reason; no other run does", () => {
    assert.deepInclude(inputsOf(planning), { plan_feedback: "Too large.", previous_plan: "# Plan" })
    assert.deepInclude(inputsOf({ ...planning, planFeedback: null, previousPlan: null }), {
      plan_feedback: "",
      previous_plan: ""
    })
    assert.doesNotHaveAnyKeys(inputsOf({ ...planning, phase: "implementation" }), [
      "plan_feedback",
      "previous_plan"
    ])
  })

  it("loses the end of the previous plan first, with a note, and no more than must be", () => {
    const issueDescription = "x".repeat(30_000)
    const inputs = inputsOf({ ...planning, issueDescription, previousPlan: "y".repeat(180_000) })
    assert.isAtMost(size(inputs), maxCharacters)
    assert.isAbove(size(inputs), maxCharacters - 10)
    assert.strictEqual(inputs?.["issue_description"], issueDescription)
    assert.match(inputs?.["previous_plan"] ?? "", /^y{20000,}\n\n\[The plan .*cut here/)
  })

  it("loses the end of the description when that is not enough, and never any feedback", () => {
    const planFeedback = "z".repeat(4000)
    const inputs = inputsOf({
      ...planning,
      planFeedback,
      issueDescription: "x".repeat(70_000),
      previousPlan: "y".repeat(180_000)
    })
    assert.isAtMost(size(inputs), maxCharacters)
    assert.match(inputs?.["previous_plan"] ?? "", /^\n\n\[The plan .*cut here/)
    assert.match(inputs?.["issue_description"] ?? "", /^x{50000,}\n\n\[The description .*cut here/)
    assert.strictEqual(inputs?.["plan_feedback"], planFeedback)
  })

  it("is not started when its feedback would have to be cut", () => {
    assert.isNull(inputsOf({ ...planning, planFeedback: "z".repeat(maxCharacters) }))
  })
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
  assert.isNull(inputsOf({ ...request, extraEnv: { HUGE: "x".repeat(maxCharacters) } }))
})
