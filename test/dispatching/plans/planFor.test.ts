import { assert, describe, it } from "@effect/vitest"
import { planOfRun, type PlanOfRun } from "../../../src/dispatching/plans/planFor.ts"
import { dispatchRow } from "../../support/builders.ts"

const implementation = dispatchRow()
const planned = dispatchRow({ planId: "01937c2e-0000-7000-8000-000000000007" })
const documents = [
  { title: "Architecture Analysis", markdown: "One module." },
  { title: "Test Plan", markdown: "One test." }
]

const textOf = (plan: PlanOfRun) => (plan._tag === "Text" ? plan.text : assert.fail(plan.why))
const whyOf = (plan: PlanOfRun) => (plan._tag === "Missing" ? plan.why : assert.fail("It may start."))

describe("the plan of a run", () => {
  it("is the text of the plan that its dispatch carries out", () => {
    assert.strictEqual(
      textOf(planOfRun(planned, documents, true)),
      "# Architecture Analysis\n\nOne module.\n\n# Test Plan\n\nOne test."
    )
  })

  it("stays when planning was disabled after the admission", () => {
    assert.include(textOf(planOfRun(planned, documents, false)) ?? "", "One module.")
  })

  it("says that a plan which a person declared has no text", () => {
    assert.include(textOf(planOfRun(planned, [], true)) ?? "", "A person declared the plan")
  })

  it("is missing when it was deleted", () => {
    assert.include(whyOf(planOfRun(planned, null, true)), "no longer exists")
    assert.include(whyOf(planOfRun(planned, null, false)), "no longer exists")
  })

  it("is missing where planning is enabled and the dispatch has none", () => {
    for (const trigger of ["poll", "manual", "retry"] as const) {
      assert.include(whyOf(planOfRun({ ...implementation, trigger }, null, true)), "has no plan")
    }
  })

  it("says that a comment continues a pull request without a plan", () => {
    const plan = planOfRun({ ...implementation, trigger: "comment" }, null, true)
    assert.include(textOf(plan) ?? "", "no plan counts for this pull request")
  })

  it("is null for planning, and where planning is disabled", () => {
    assert.isNull(textOf(planOfRun(dispatchRow({ phase: "planning" }), null, true)))
    assert.isNull(textOf(planOfRun(implementation, null, false)))
  })
})
