import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { eventually, start } from "../support/scene.ts"
import { firstCalls, hasLabel, launching, linear, stepsOfAny } from "./calls.ts"
import { begun } from "./dryRun.ts"
import { atEachStep, commented, duringCalls, type Interrupted } from "./killRun.ts"

const ofOne: ReadonlyArray<Interrupted> = [
  ...launching,
  { ...linear, operation: "Update", action: "hangAfter", seen: hasLabel("AI-Planning") },
  { ...linear, operation: "Update", nth: 2, action: "hangAfter", seen: hasLabel("Plan-Complete") },
  ...[1, 2, 3].flatMap((nth): ReadonlyArray<Interrupted> => [
    { ...linear, operation: "mutation Comment", nth, action: "hang" },
    { ...linear, operation: "mutation Comment", nth, action: "hangAfter", seen: commented(nth) }
  ])
]

describe("a service killed by kill -9 and started again", { timeout: 480_000 }, () => {
  it.live(
    "before or after any step of planning makes one run, one plan, its comments in order and the right labels",
    () =>
      atEachStep("planning", {
        spans: [
          ...stepsOfAny,
          "GitHub.launch",
          "Transitions.claim",
          "Reports.accept",
          "Plans.record",
          "Plans.noteLabels"
        ]
      })
  )

  it.live("at the start or the end of taking in an approval carries the plan out once", () =>
    Effect.gen(function* () {
      const { scene, ...first } = yield* begun("planning")
      const other = yield* scene.label("Another plan")
      yield* scene.askForPass
      const identifiers = [first.identifier, other]
      for (const identifier of identifiers) yield* scene.settled(identifier)
      let { service } = first
      for (const [index, identifier] of identifiers.entries()) {
        yield* scene.idle
        yield* service.order({
          dieAt: { span: "Plans.approve", nth: 1, edge: index === 0 ? "start" : "end" }
        })
        scene.linear.setLabels(identifier, ["AI-Implement", "Plan-Complete", "Plan-Approved"])
        yield* scene.askForPass
        assert.strictEqual((yield* service.ended).signal, "SIGKILL")
        service = yield* start(scene.env)
        const rows = yield* eventually(
          "the plan to be carried out",
          Effect.map(scene.rows(identifier), (rows) => (rows[1]?.settledAt == null ? null : rows))
        )
        assert.deepStrictEqual(
          rows.map(({ status }) => status),
          ["succeeded", "succeeded"]
        )
        assert.lengthOf(rows[0]?.events.filter((type) => type === "plan_approved") ?? [], 1)
        assert.deepStrictEqual(scene.linear.issueByIdentifier(identifier)?.labels, [
          "AI-Implement",
          "Plan-Complete",
          "Ready for Review"
        ])
        assert.lengthOf(scene.runsOf(identifier), 2)
      }
    })
  )

  it.live(
    "while an upstream handles a call of a dispatch (planning), or before its answer, does so too",
    () => duringCalls("planning", { first: firstCalls, ofOne })
  )
})
