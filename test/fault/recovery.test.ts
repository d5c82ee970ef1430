import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Point } from "../support/orders.ts"
import { eventually, start } from "../support/scene.ts"
import { github, launched } from "./calls.ts"
import { begun } from "./dryRun.ts"
import { makeLane } from "./killRun.ts"
import { distinct, nameOf, passedUntil, spansOf, stepsFrom } from "./points.ts"

/** Begun, and it is unknown whether it was sent. */
const launchBegun: Point = { span: "Transitions.beginLaunch", nth: 1, edge: "end", own: 1 }

/** Every step from a restart on until the uncertain launch has come to a run. */
const stepsOfRecovery = Effect.gen(function* () {
  const { scene, service, identifier } = yield* begun()
  yield* service.order({ dieAt: launchBegun })
  yield* scene.askForPass
  yield* service.ended
  const next = yield* start(scene.env, { report: true })
  const passed = yield* passedUntil(next, "Transitions.markRunning 1 end")
  yield* scene.settled(identifier)
  return stepsFrom(passed, "Lifecycle.launch")
}).pipe(Effect.scoped)

describe("a service killed by kill -9 and started again", { timeout: 480_000 }, () => {
  it.live("and killed again at any step of recovering an uncertain launch makes one run too", () =>
    Effect.gen(function* () {
      const steps = yield* stepsOfRecovery
      assert.includeMembers(spansOf(steps), [
        "Transitions.markUncertain",
        "Transitions.noteLookup",
        "Transitions.beginLaunch",
        "GitHub.launch",
        "Transitions.markRunning"
      ])
      const third = nameOf(launchBegun)
      const again = distinct(steps).filter((step) => nameOf(step) !== third)
      const { killAt, killTogether, review } = yield* makeLane()
      const ofOne = again.filter(({ own }) => own !== undefined)
      yield* killTogether(
        ofOne.map(() => launchBegun),
        ofOne
      )
      for (const step of again.filter(({ own }) => own === undefined)) yield* killAt(launchBegun, step)
      yield* review
    })
  )

  it.live("and killed again right before it resends leaves the launch to an operator", () =>
    Effect.gen(function* () {
      const { scene, service, identifier } = yield* begun()
      yield* service.order({ dieAt: launchBegun })
      yield* scene.askForPass
      yield* service.ended
      const next = yield* start(scene.env, { dieAt: launchBegun })
      yield* next.ended
      yield* start(scene.env)
      const row = yield* scene.settled(identifier)
      assert.strictEqual(row.status, "failed")
      assert.strictEqual(row.outcome?.reason, "launch_unconfirmed")
      assert.isTrue(row.inDedup)
      assert.deepStrictEqual(scene.github.runs(), [])
      assert.deepStrictEqual(scene.linear.issueByIdentifier(identifier)?.labels, ["AI-Implement"])
      assert.lengthOf(scene.linear.issueByIdentifier(identifier)?.comments ?? [], 1)
    })
  )

  it.live("finds a run that GitHub lists only later instead of sending it again", () =>
    Effect.gen(function* () {
      const { scene, killDuring } = yield* makeLane({ leaseMargin: 8000 })
      scene.github.setConsistencyDelay(Infinity)
      const killed = killDuring({
        ...github,
        operation: "actions/create-workflow-dispatch",
        action: "hangAfter",
        seen: launched
      })
      const listed = Effect.andThen(
        eventually(
          "a lookup that does not find the run",
          Effect.map(
            scene.sql`select 1 from dispatch_events where type = 'looked_up'`,
            ([found]) => found ?? null
          )
        ),
        Effect.sync(() => scene.github.setConsistencyDelay(0))
      )
      const [identifier] = yield* Effect.all([killed, listed], { concurrency: 2 })
      const [row] = yield* scene.rows(identifier)
      assert.include(row?.events ?? [], "looked_up")
    })
  )
})
