import { assert, describe, it } from "@effect/vitest"
import { gapsOf } from "../../../src/runner/publish/gaps.ts"
import { meaningOf } from "../../../src/runner/publish/meaning.ts"
import type { StageResult } from "../../../src/runner/result.ts"
import { dispatchId } from "../../support/orchestratorDouble.ts"

const result: StageResult = {
  dispatchId,
  phase: "implementation",
  ending: "finished",
  message: "Why.",
  base: "a".repeat(40),
  tip: "b".repeat(40),
  text: "",
  verify: null,
  notes: [],
  answers: [],
  usage: { model: null, costUsd: null, tokens: 0, turns: 0, permissionDenials: [], sessionId: null },
  lines: []
}
const red = { command: "npm test", passed: false, message: "verify ended with exit code 1.", lines: [] }
const green = { ...red, passed: true, message: "verify passed." }

describe("what a result means", () => {
  it.each([
    ["work without verification", {}, { _tag: "Push", outcome: "delivered", draft: false }],
    ["verified work", { verify: green }, { _tag: "Push", outcome: "delivered", draft: false }],
    [
      "work that fails verification",
      { verify: red },
      { _tag: "Push", outcome: "verification_failed", draft: true }
    ],
    ["capped work", { ending: "turn_cap" }, { _tag: "Push", outcome: "delivered", draft: true }],
    ["work over budget", { ending: "budget_cap" }, { _tag: "Push", outcome: "delivered", draft: true }],
    ["work at the deadline", { ending: "deadline" }, { _tag: "Push", outcome: "delivered", draft: true }],
    [
      "capped work that fails verification",
      { ending: "turn_cap", verify: red },
      { _tag: "Push", outcome: "verification_failed", draft: true }
    ],
    ["no work", { tip: result.base }, { _tag: "NoChange" }],
    [
      "no work before a cap",
      { ending: "turn_cap", tip: result.base },
      {
        _tag: "Failed",
        failure: { reason: "turn_cap", message: "Why. It had changed nothing yet.", lines: [] }
      }
    ],
    ["a plan", { phase: "planning", tip: null }, { _tag: "Plan" }],
    [
      "a plan over budget",
      { phase: "planning", ending: "budget_cap" },
      { _tag: "Failed", failure: { reason: "budget_cap", message: "Why.", lines: [] } }
    ],
    ["no answer", { ending: "question_unanswered" }, { _tag: "Unanswered" }],
    [
      "a stop",
      { ending: "cancelled" },
      { _tag: "Failed", failure: { reason: "cancelled", message: "Why.", lines: [] } }
    ],
    [
      "a failed agent",
      { ending: "failed", message: "" },
      { _tag: "Failed", failure: { reason: "agent_failed", message: "agent_failed", lines: [] } }
    ],
    [
      "a failed set-up",
      { ending: "setup_failed" },
      { _tag: "Failed", failure: { reason: "setup_failed", message: "Why.", lines: [] } }
    ]
  ] as const)("%s", (_, given, expected) => {
    assert.deepStrictEqual<unknown>(meaningOf({ ...result, ...given }), expected)
  })
})

describe("the gaps of a result", () => {
  it("are what the agent lists and what the program sees", () => {
    const gaps = gapsOf(
      { plan: "Change `src/a.ts`, `src/b.ts` and `b.ts`." },
      {
        ...result,
        ending: "turn_cap",
        verify: red,
        notes: ["A note."],
        text: "## Gaps\n- No docs.",
        usage: { ...result.usage, permissionDenials: ["Bash curl"] }
      },
      new Set(["src/a.ts"])
    )
    assert.deepStrictEqual(gaps, [
      "Why. The work may be unfinished.",
      "Verification failed: verify ended with exit code 1.",
      "The plan names files that this change does not touch: src/b.ts.",
      "1 tool calls of the agent were denied.",
      "A note.",
      "- No docs."
    ])
  })

  it("are none when all is done", () => {
    assert.deepStrictEqual(gapsOf({ plan: null }, { ...result, text: "## Gaps\nNone" }, new Set()), [])
  })
})
