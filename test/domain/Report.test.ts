import { assert, describe, it } from "@effect/vitest"
import { Report } from "../../src/domain/Report.ts"
import { Progress } from "../../src/domain/RunnerMessages.ts"
import { decode } from "../support/schema.ts"

const dispatchId = "01936f3e-1111-7222-8333-944445555666"
const report = { dispatchId, phase: "implementation", outcome: "failed" }

describe("what a run sends", () => {
  it("loses what a terminal acts on", () => {
    const failure = { reason: "x\u202ey", message: "\u001b[31mred", lines: ["\u009bA", "\u0007b"] }
    assert.deepInclude(decode(Report, { ...report, failure }), {
      failure: { reason: "xy", message: "[31mred", lines: ["A", "b"] }
    })
    assert.deepInclude(decode(Progress, { dispatchId, step: "a\u001bgent", lines: ["\u001b]0;t\u0007"] }), {
      step: "agent",
      lines: ["]0;t"]
    })
  })

  it("links a pull request over http or https only", () => {
    const pullRequest = (url: string) => ({ ...report, pullRequest: { number: 1, url, draft: false } })
    assert.isNotArray(decode(Report, pullRequest("https://github.test/1")))
    assert.deepStrictEqual(decode(Report, pullRequest("javascript:alert(1)")), [
      "pullRequest.url: must be an http:// or https:// address"
    ])
  })
})
