import { assert, describe, it } from "@effect/vitest"
import { checkReport, reported } from "../../../src/dispatching/lifecycle/reported.ts"
import type { DispatchRow } from "../../../src/dispatching/dispatches/DispatchRow.ts"
import type { Report } from "../../../src/domain/Report.ts"
import { now, outcome, runningRow } from "../../support/builders.ts"

const report = (changes: Partial<Report> = {}): Report => ({
  dispatchId: runningRow().id,
  phase: "implementation",
  outcome: "delivered",
  ...changes
})

const planning = { phase: "planning" } as const
const plan = [{ title: "Architecture Analysis", markdown: "As it is." }]
const failure = { reason: "tests", message: "Two tests fail\n", lines: ["a", "b"] }
const stop = { stopRequestedAt: now, stopRequestedBy: "Ada", stopReason: "operator" } as const

const meanings: ReadonlyArray<
  readonly [
    string,
    Partial<DispatchRow>,
    Partial<Report>,
    readonly [kind: string, reason: string, said: RegExp] | null
  ]
> = [
  ["delivered is decided by its pull request", {}, {}, null],
  ["delivered while it is being stopped too", stop, {}, null],
  ["a failed verification is decided by its pull request", {}, { outcome: "verification_failed" }, null],
  ["a plan is a success", planning, { ...planning, plan }, ["delivered", "plan", /the plan is ready/]],
  ["a plan without a part is none", planning, planning, ["failed", "no_plan", /holds no plan/]],
  [
    "nothing to change says why",
    {},
    { outcome: "no_change", gaps: "It is there already." },
    ["failed", "no_change", /^the agent found nothing to change: It is there already\.$/]
  ],
  [
    "nothing to change may be all",
    {},
    { outcome: "no_change" },
    ["failed", "no_change", /nothing to change\.$/]
  ],
  [
    "an unanswered question says so",
    {},
    { outcome: "question_unanswered" },
    ["failed", "question_unanswered", /no one answered/]
  ],
  [
    "a failure says why",
    {},
    { outcome: "failed", failure },
    ["failed", "run_failed", /^the agent failed: Two tests fail\.$/]
  ],
  [
    "a failure while it is being stopped is the stop",
    stop,
    { outcome: "failed", failure },
    ["cancelled", "operator", /^Ada stopped/]
  ]
]

describe("a report of", () => {
  for (const [name, row, changes, wanted] of meanings) {
    it(name, () => {
      const meaning = reported(runningRow(row), report(changes))
      if (wanted === null) return assert.strictEqual(meaning._tag, "EndedWell")
      if (meaning._tag !== "Ends") return assert.fail("It waits for a pull request.")
      const { kind, message, reason } = meaning.outcome
      assert.deepStrictEqual([kind, reason], [wanted[0], wanted[1]])
      assert.match(message, wanted[2])
      assert.deepStrictEqual(meaning.plan, kind === "delivered" ? plan : undefined)
    })
  }
})

describe("a report", () => {
  const first = report({ outcome: "failed", failure })
  const cases: ReadonlyArray<readonly [string, Partial<DispatchRow>, Report, string]> = [
    ["is taken when it is the first", {}, first, "First"],
    [
      "may come again, whatever the order of its fields",
      { report: { ...first } },
      { ...first, phase: first.phase },
      "Repeated"
    ],
    [
      "may come again after the end",
      { report: first, outcome: outcome(), status: "failed" },
      first,
      "Repeated"
    ],
    ["is late when another came first", { report: first }, report(), "Late"],
    ["is late after the end", { outcome: outcome(), status: "failed" }, first, "Late"],
    ["is foreign when it is of the other phase", { phase: "planning" }, first, "Foreign"]
  ]
  for (const [name, row, given, wanted] of cases) {
    it(name, () => {
      assert.strictEqual(checkReport(runningRow(row), given)._tag, wanted)
    })
  }
})
