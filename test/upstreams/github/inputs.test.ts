import { assert, describe, it } from "@effect/vitest"
import { workflowInputs } from "../../../src/domain/WorkflowInputs.ts"
import * as DateTime from "effect/DateTime"
import { inputsOf, maxCharacters, maxCommentsCharacters } from "../../../src/upstreams/github/inputs.ts"
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

it("text of many bytes is cut to what one variable of a process holds", () => {
  const inputs = inputsOf({ ...request, issueDescription: "議".repeat(50_000) })
  assert.isAtMost(Buffer.byteLength(JSON.stringify(inputs, null, 2)), 125_000)
  assert.isAbove(Buffer.byteLength(JSON.stringify(inputs)), 110_000)
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

describe("an implementation", () => {
  const note = /\n\n\[The plan .*cut here/

  it("receives the plan; no planning run does", () => {
    assert.deepInclude(inputsOf({ ...request, plan: "# Plan" }), { plan: "# Plan" })
    assert.notProperty(inputsOf({ ...request, phase: "planning", plan: "# Plan" }) ?? {}, "plan")
  })

  it("loses the end of the longer text first, with a note", () => {
    const short = "x".repeat(20_000)
    const long = "y".repeat(180_000)
    const plan = inputsOf({ ...request, issueDescription: short, plan: long })
    assert.strictEqual(plan?.["issue_description"], short)
    assert.match(plan?.["plan"] ?? "", note)
    assert.isAtMost(size(plan), maxCharacters)
    const description = inputsOf({ ...request, issueDescription: long, plan: short })
    assert.strictEqual(description?.["plan"], short)
    assert.match(description?.["issue_description"] ?? "", /cut here/)
    assert.isAtMost(size(description), maxCharacters)
  })
})

describe("the comments of people", () => {
  const at = DateTime.makeUnsafe("2026-11-23T12:30:00Z")
  const comment = (nth: number, text = `Comment ${nth}`) => ({ author: "Ada", at, text })
  const sent = (comments: ReadonlyArray<ReturnType<typeof comment>>) =>
    inputsOf({ ...request, comments })?.["comments"] ?? ""

  it("are a JSON array, and empty text when there are none", () => {
    assert.strictEqual(sent([]), "")
    assert.deepStrictEqual(JSON.parse(sent([comment(1)])), [
      { author: "Ada", at: "2026-11-23T12:30:00.000Z", text: "Comment 1" }
    ])
  })

  it("lose the oldest where there is no room, and say so", () => {
    const many = Array.from({ length: 50 }, (_, nth) => comment(nth, `${nth} ${"x".repeat(1000)}`))
    const text = sent(many)
    assert.isAtMost(size(text), maxCommentsCharacters)
    const [first, ...rest] = JSON.parse(text)
    assert.match(first.text, /^\[Older comments are left out/)
    assert.match(rest[0].text, /^3\d x/)
    assert.match(rest.at(-1).text, /^49 x/)
  })

  it("too long for any room leave a line that says so", () => {
    const parsed = JSON.parse(sent([comment(1, "x".repeat(30_000))]))
    assert.lengthOf(parsed, 1)
    assert.match(parsed[0].text, /left out/)
  })

  it("fit beside a plan and a description of any length", () => {
    const inputs = inputsOf({
      ...request,
      comments: [comment(1, '"'.repeat(8000))],
      plan: "y".repeat(180_000),
      issueDescription: "x".repeat(100_000)
    })
    assert.isAtMost(size(inputs), maxCharacters)
    assert.lengthOf(JSON.parse(inputs?.["comments"] ?? "[]"), 1)
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

it("a text that cannot be made to fit is left out", () => {
  assert.isNull(inputsOf({ ...request, extraEnv: { HUGE: "x".repeat(maxCharacters) } }))
})
