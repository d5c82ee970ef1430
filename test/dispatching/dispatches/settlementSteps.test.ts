import { assert, describe, it } from "@effect/vitest"
import type { DispatchRow } from "../../../src/dispatching/dispatches/DispatchRow.ts"
import { settlementEffects } from "../../../src/dispatching/dispatches/settlementSteps.ts"
import type { PullRequest } from "../../../src/domain/Dispatch.ts"
import type { FailureState } from "../../../src/domain/Failures.ts"
import type { Outcome } from "../../../src/domain/Outcome.ts"
import {
  dispatchRow,
  failureState,
  now,
  outcome,
  pullRequest,
  run,
  runningRow
} from "../../support/builders.ts"

const found = pullRequest()
const cancelled = (reason: Outcome["reason"]) => outcome({ kind: "cancelled", reason })
const delivered = outcome({ kind: "delivered", reason: "pull_request" })
const parked = failureState({ failures: 3, parkedAt: now })

const plan = ["Architecture Analysis", "Test Plan", "Cross-Story Context"].map((title) => ({
  title,
  markdown: `What the ${title} says.`
}))

const onFly: Partial<DispatchRow> = { executionMode: "fly-machines", flyApp: "sessions" }
const took = { effect: "labels", add: [], remove: ["AI-Working", "Plan-Approved"] } as const
const tookPlanning = { effect: "labels", add: [], remove: ["AI-Planning"] } as const

/** The effects, comments by name only. */
const effectsOf = (...arguments_: Parameters<typeof settlementEffects>) =>
  settlementEffects(...arguments_).map((each) => (each.effect === "labels" ? each : each.effect))

describe("the effects of an end", () => {
  const table: ReadonlyArray<{
    readonly name: string
    readonly row?: Partial<DispatchRow>
    readonly outcome: Outcome
    readonly found?: PullRequest
    readonly failure?: FailureState
    readonly plan?: typeof plan
    readonly effects: ReturnType<typeof effectsOf>
  }> = [
    {
      name: "delivered: Ready for Review, and the comment",
      outcome: delivered,
      found,
      effects: [{ ...took, add: ["Ready for Review"] }, "comment"]
    },
    {
      name: "a delivered plan: each of its parts, then Plan-Complete",
      row: { phase: "planning" },
      outcome: outcome({ kind: "delivered", reason: "plan" }),
      plan,
      effects: ["plan_1", "plan_2", "plan_3", { ...tookPlanning, add: ["Plan-Complete"] }]
    },
    {
      name: "a delivered plan of one part: it alone",
      row: { phase: "planning" },
      outcome: outcome({ kind: "delivered", reason: "plan" }),
      plan: plan.slice(0, 1),
      effects: ["plan_1", { ...tookPlanning, add: ["Plan-Complete"] }]
    },
    { name: "failed: the label off, and the comment", outcome: outcome(), effects: [took, "comment"] },
    {
      name: "a failed planning: its own label off, and the comment",
      row: { phase: "planning" },
      outcome: outcome(),
      effects: [tookPlanning, "comment"]
    },
    {
      name: "merged already: no Ready for Review",
      outcome: outcome({ kind: "delivered", reason: "pull_request" }),
      found: pullRequest({ state: "merged" }),
      effects: [took, "comment"]
    },
    {
      name: "closed by a person: no Ready for Review",
      outcome: outcome({ reason: "pull_request_closed" }),
      found: pullRequest({ state: "closed" }),
      effects: [took, "comment"]
    },
    {
      name: "a draft: no Ready for Review",
      outcome: outcome({ reason: "verification_failed" }),
      found: pullRequest({ draft: true }),
      effects: [took, "comment"]
    },
    {
      name: "timed out: the label off, and the comment",
      outcome: outcome({ kind: "timed_out", reason: "deadline" }),
      effects: [took, "comment"]
    },
    {
      name: "lost: the label off, and the comment",
      outcome: outcome({ kind: "lost", reason: "run_vanished" }),
      effects: [took, "comment"]
    },
    {
      name: "cancelled by an operator: the label off, and the comment",
      outcome: cancelled("operator"),
      effects: [took, "comment"]
    },
    {
      name: "issue canceled: the label off, without a word",
      outcome: cancelled("issue_canceled"),
      effects: [took]
    },
    {
      name: "pickup label removed: the label off, without a word",
      outcome: cancelled("pickup_label_removed"),
      effects: [took]
    },
    { name: "issue deleted: nothing", outcome: cancelled("issue_deleted"), effects: [] },
    {
      name: "issue deleted: nothing, even where it was parked",
      outcome: cancelled("issue_deleted"),
      failure: parked,
      effects: []
    },
    {
      name: "nothing launched: nothing",
      row: { launchAttempt: 0 },
      outcome: cancelled("operator"),
      effects: []
    },
    {
      name: "nothing launched and refused: nothing",
      row: { launchAttempt: 0 },
      outcome: outcome({ kind: "lost", reason: "launch_refused" }),
      failure: failureState({ failures: 2 }),
      effects: []
    },
    {
      name: "launched, and the label perhaps not yet on: it is taken off all the same",
      row: { announcedAt: null },
      outcome: outcome(),
      effects: [took, "comment"]
    },
    {
      name: "not parked yet: not mentioned",
      outcome: outcome(),
      failure: failureState({ failures: 2 }),
      effects: [took, "comment"]
    },
    {
      name: "parked: one comment more",
      outcome: outcome(),
      failure: parked,
      effects: [took, "comment", "parked_comment"]
    },
    {
      name: "cancelled while it was parked: not mentioned again",
      outcome: cancelled("operator"),
      failure: parked,
      effects: [took, "comment"]
    },
    {
      name: "parked without a launch: only that comment",
      row: { launchAttempt: 0 },
      outcome: outcome({ kind: "lost", reason: "launch_refused" }),
      failure: parked,
      effects: ["parked_comment"]
    },
    {
      name: "on a machine: it is destroyed as well",
      row: onFly,
      outcome: delivered,
      found,
      effects: [
        { effect: "labels", add: ["Ready for Review"], remove: ["AI-Working", "Plan-Approved"] },
        "comment",
        "machine"
      ]
    },
    {
      name: "on a machine whose launch was never confirmed: it is looked for and destroyed",
      row: { ...onFly, run: null },
      outcome: outcome({ reason: "launch_unconfirmed" }),
      effects: [took, "comment", "machine"]
    },
    {
      name: "on a machine, issue deleted: it is destroyed",
      row: onFly,
      outcome: cancelled("issue_deleted"),
      effects: ["machine"]
    },
    {
      name: "on a machine, nothing launched: nothing",
      row: { ...onFly, launchAttempt: 0 },
      outcome: cancelled("operator"),
      effects: []
    }
  ]
  for (const { name, row, outcome, found = null, failure = null, plan, effects } of table) {
    it(name, () => assert.deepStrictEqual(effectsOf(runningRow(row), outcome, found, failure, plan), effects))
  }
})

describe("the comment", () => {
  const text = (
    row: DispatchRow,
    outcome: Outcome,
    found: PullRequest | null = null,
    failure: FailureState | null = null,
    lines: ReadonlyArray<string> = []
  ) =>
    settlementEffects(row, outcome, found, failure, [], lines)
      .flatMap((each) => ("text" in each ? [each.text] : []))
      .join("\n---\n")
  const link = `[Open the run](${run.url})`

  it("of a delivery links the pull request and the run", () => {
    const body = text(runningRow(), delivered, found)
    assert.include(body, `[#12](${found.url})`)
    assert.include(body, link)
  })

  for (const kind of ["failed", "lost", "timed_out"] as const) {
    it(`of an end as ${kind} says why and links the run`, () => {
      const body = text(runningRow(), outcome({ kind, message: "the disk was full." }))
      assert.include(body, "the disk was full.")
      assert.include(body, link)
    })
  }

  const hostile = "the agent failed: ![t](https://evil.test/t.png)\n# Sign in\n<img src=x> @ada"
  const harmless = "the agent failed: !\\[t\\](`https://evil.test/t.png)`\n\\# Sign in\n\\<img src=x> \\@ada"

  for (const kind of ["failed", "lost", "timed_out"] as const) {
    it(`of an end as ${kind} shows what the agent says as text`, () => {
      const body = text(runningRow(), outcome({ kind, message: hostile }))
      assert.include(body, harmless)
      assert.notInclude(body, hostile)
    })
  }

  it("of parking shows what the agent says as text", () => {
    const body = text(
      dispatchRow(),
      outcome(),
      null,
      failureState({ failures: 3, parkedAt: now, last: hostile })
    )
    assert.include(body, `3 failed attempts: ${harmless}`)
  })

  it("of a plan says above its Markdown that an agent wrote it, and shows the title as text", () => {
    const [part] = settlementEffects(
      runningRow({ phase: "planning" }),
      outcome({ kind: "delivered", reason: "plan" }),
      null,
      null,
      [{ title: "Plan](//evil)", markdown: "# Steps\n\n- [one](https://a.test)" }]
    )
    assert.isTrue(
      part !== undefined &&
        "text" in part &&
        part.text.startsWith(
          "**Plan 1 of 1: Plan\\](//evil)**\n\n_An agent wrote the text below._\n\n# Steps\n\n- [one](https://a.test)\n"
        )
    )
  })

  it("of a failure links a draft", () => {
    const body = text(runningRow(), outcome({ reason: "verification_failed" }), pullRequest({ draft: true }))
    assert.include(body, `[#12](${found.url})`)
  })

  it("has no link while no run is known", () => {
    const body = text(dispatchRow({ launchAttempt: 1 }), outcome({ kind: "lost", reason: "launch_refused" }))
    assert.notInclude(body, "Open the run")
  })

  it("of a plan is its parts in order, the last with what a person can do about it", () => {
    const row = runningRow({ phase: "planning" })
    const parts = settlementEffects(
      row,
      outcome({ kind: "delivered", reason: "plan" }),
      null,
      null,
      plan
    ).flatMap((each) => ("text" in each ? [each.text] : []))
    assert.deepStrictEqual(
      parts.map((part) => part.split("\n")[0]),
      [
        "Plan 1 of 3: Architecture Analysis",
        "Plan 2 of 3: Test Plan",
        "Plan 3 of 3: Cross-Story Context"
      ].map((title) => `**${title}**`)
    )
    for (const [index, part] of parts.entries()) {
      assert.include(part, plan[index]?.markdown ?? "one part too many")
      for (const what of ["Plan-Approved", "Plan-Complete", link]) {
        assert.strictEqual(part.includes(what), index === 2, what)
      }
    }
  })

  it("of parking states how many attempts, the last reason, and what to do", () => {
    const row = dispatchRow()
    const [many, one] = [3, 1].map((failures) =>
      text(row, outcome(), null, failureState({ failures, parkedAt: now, last: "nothing had to change." }))
    )
    assert.include(many, "3 failed attempts: nothing had to change.")
    assert.include(one, "1 failed attempt: nothing had to change.")
    assert.include(many, "un-park")
  })

  it("of parking falls back on the outcome", () => {
    assert.include(text(dispatchRow(), outcome(), null, { ...parked, last: null }), outcome().message)
  })

  for (const kind of ["failed", "lost", "timed_out"] as const) {
    it(`of an end as ${kind} quotes the last lines of the log, which cannot end the quotation`, () => {
      const body = text(runningRow(), outcome({ kind }), null, null, ["$ npm test", "```", "@all: 3 failed"])
      assert.include(body, "````\n$ npm test\n```\n@all: 3 failed\n````")
    })
  }

  it("shortens long lines of the log", () => {
    const body = text(runningRow(), outcome(), null, null, ["x".repeat(10_000)])
    assert.isBelow(body.length, 600)
  })

  it("of a delivery quotes nothing", () => {
    assert.notInclude(text(runningRow(), delivered, found, null, ["$ npm test"]), "npm test")
  })
})
