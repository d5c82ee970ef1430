import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Point } from "../support/orders.ts"
import { externalScene } from "./external.ts"
import { atEachStep, inLane } from "./killRun.ts"
import { nameOf, ownOf } from "./points.ts"
import { type Service, start } from "../support/scene.ts"

const announcedPoints: ReadonlyArray<Point> = [
  { span: "Transitions.requestStop", nth: 1, edge: "start" },
  { span: "Transitions.requestStop", nth: 1, edge: "end" },
  { span: "Settlement.writeOutcome", nth: 1, edge: "end" },
  { span: "Transitions.settle", nth: 1, edge: "end" }
]

/** Where the service dies while it stops a run, and how it asks the other side. */
const deaths: Readonly<Record<"implementation" | "machine", ReadonlyArray<Point>>> = {
  implementation: announcedPoints,
  machine: [
    ...announcedPoints,
    { span: "Fly.destroy", nth: 1, edge: "start" },
    { span: "Fly.destroy", nth: 1, edge: "end" },
    { span: "Fly.destroy", nth: 2, edge: "end" }
  ]
}

describe(
  "a service killed by kill -9 while it stops a run whose issue was canceled",
  { timeout: 120_000 },
  () => {
    for (const flow of ["implementation", "machine"] as const) {
      it.live(`ends it once, takes the label off and settles (${flow})`, () =>
        Effect.gen(function* () {
          const scene = yield* externalScene(flow)
          scene.github.setCancelDelay(20)
          let service: Service = yield* start(scene.env)
          for (const dieAt of deaths[flow]) {
            yield* scene.idle
            const identifier = yield* scene.label(nameOf(dieAt))
            yield* scene.askForPass
            yield* scene.running(identifier)
            yield* scene.idle
            yield* service.order({ dieAt })
            scene.linear.setState(identifier, "Canceled")
            yield* scene.askForPass
            assert.strictEqual((yield* service.ended).signal, "SIGKILL", nameOf(dieAt))
            service = yield* start(scene.env)
            const row = yield* scene.settled(identifier)
            yield* scene.runsEnded(identifier)
            const [, ...others] = yield* scene.rows(identifier)
            assert.deepStrictEqual(others, [])
            assert.deepStrictEqual([row.status, row.outcome?.reason], ["cancelled", "issue_canceled"])
            assert.lengthOf(
              row.events.filter((type) => type === "stop_requested"),
              1
            )
            assert.isFalse(row.inDedup)
            assert.deepStrictEqual(scene.linear.issueByIdentifier(identifier)?.labels, ["AI-Implement"])
            assert.lengthOf([...scene.runsOf(identifier), ...scene.machinesOf(identifier)], 1)
          }
          const violations = [scene.linear, scene.github.control, scene.fly.control].flatMap((control) =>
            control.violations()
          )
          assert.deepStrictEqual(violations, [])
        })
      )
    }
  }
)

const operation = "actions/cancel-workflow-run"

describe(
  "a service killed by kill -9 while it cancels a run, and started again",
  { timeout: 240_000 },
  () => {
    it.live(
      "before or after any step cancels the run, comments on the issue once and clears the dispatch's dedup",
      () =>
        atEachStep("cancel", {
          from: "Lifecycle.stop",
          among: ownOf,
          spans: [
            "Lifecycle.stop",
            "Transitions.requestStop",
            "GitHub.stop",
            "Timeline.add",
            "Settlement.writeOutcome",
            "Lifecycle.notify",
            "Transitions.settle"
          ]
        })
    )

    it.live("while GitHub handles the cancel, or before it answers, ends it once too", () =>
      inLane(["hang", "hangAfter"] as const, "cancel", ({ killDuring }, action) =>
        killDuring({
          upstream: "github",
          operation,
          action,
          seen: ({ github }, identifier) =>
            action === "hang" ||
            github
              .runs()
              .some(
                ({ cancelRequested, inputs }) => cancelRequested && inputs["issue_identifier"] === identifier
              )
        })
      )
    )
  }
)
