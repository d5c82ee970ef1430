import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Point } from "../support/orders.ts"
import { externalScene } from "./external.ts"
import { inLanes, type Interrupted } from "./lane.ts"
import { passedUntil, stepsFrom } from "./points.ts"
import { assertExactlyOnce, start } from "./support.ts"

/** Begun, and nobody knows whether it was sent. */
const launchBegun: Point = { span: "Transitions.beginLaunch", nth: 1, edge: "end" }

const prepared = Effect.gen(function* () {
  const scene = yield* externalScene
  yield* scene.agent
  const service = yield* start(scene.env)
  yield* scene.idle
  return { scene, service }
})

const begun = Effect.gen(function* () {
  const { scene, service } = yield* prepared
  const identifier = yield* scene.label("A dry run")
  return { scene, service, identifier }
})

/** Every step of a dispatch that nothing disturbs. */
const stepsOfDispatch = Effect.gen(function* () {
  const { scene, service, identifier } = yield* begun
  yield* service.order({ report: true })
  yield* scene.askForPass
  const passed = yield* passedUntil(service, "Lifecycle.settle 1 end")
  yield* assertExactlyOnce(scene, identifier)
  return stepsFrom(passed, "Admission.admit")
}).pipe(Effect.scoped)

/** Every step from a restart on until the uncertain launch has come to a run. */
const stepsOfRecovery = Effect.gen(function* () {
  const { scene, service, identifier } = yield* begun
  yield* service.order({ dieAt: launchBegun })
  yield* scene.askForPass
  yield* service.ended
  const next = yield* start(scene.env, { report: true })
  const passed = yield* passedUntil(next, "Transitions.markRunning 1 end")
  yield* scene.settled(identifier)
  return stepsFrom(passed, "Lifecycle.launch")
}).pipe(Effect.scoped)

const spansOf = (points: ReadonlyArray<Point>) => [...new Set(points.map(({ span }) => span))]

const linear = { upstream: "linear" } as const
const github = { upstream: "github" } as const
const launched: NonNullable<Interrupted["seen"]> = ({ github }, identifier) =>
  github.runs().some(({ inputs }) => inputs["issue_identifier"] === identifier)
const commented: NonNullable<Interrupted["seen"]> = ({ linear }, identifier) =>
  linear.issueByIdentifier(identifier)?.comments.length === 1
const wears =
  (label: string): NonNullable<Interrupted["seen"]> =>
  ({ linear }, identifier) =>
    linear.issueByIdentifier(identifier)?.labels.includes(label) === true

const calls: ReadonlyArray<Interrupted> = [
  { ...linear, operation: "CreateLabel", action: "hangAfter" },
  { ...linear, operation: "CreateLabel", action: "hang" },
  { ...github, operation: "actions/create-workflow-dispatch", action: "hang" },
  { ...github, operation: "actions/create-workflow-dispatch", action: "hangAfter", seen: launched },
  {
    ...github,
    operation: "actions/create-workflow-dispatch",
    action: "hangAfter",
    seen: launched,
    unlisted: 3000
  },
  { ...linear, operation: "Update", action: "hang" },
  { ...linear, operation: "Update", action: "hangAfter", seen: wears("AI-Working") },
  { ...linear, operation: "Update", nth: 2, action: "hang" },
  { ...linear, operation: "Update", nth: 2, action: "hangAfter", seen: wears("Ready for Review") },
  { ...linear, operation: "Comment", action: "hang" },
  { ...linear, operation: "Comment", action: "hangAfter", seen: commented },
  { ...github, operation: "actions/list-workflow-runs-for-repo", action: "hang" },
  { ...github, operation: "pulls/list", action: "hang" }
]

describe("a service killed by kill -9 and started again", { timeout: 240_000 }, () => {
  it.live("at any step of a dispatch makes one run, one comment, the right labels and the right log", () =>
    Effect.gen(function* () {
      const steps = yield* stepsOfDispatch
      assert.includeMembers(spansOf(steps), [
        "Admission.admit",
        "Lifecycle.start",
        "Transitions.beginLaunch",
        "GitHub.launch",
        "Transitions.markRunning",
        "Lifecycle.announce",
        "Linear.change",
        "Transitions.markAnnounced",
        "Settlements.writeOutcome",
        "Lifecycle.wake",
        "Lifecycle.settle.effect",
        "Linear.comment",
        "Settlements.effectDone",
        "Settlements.settle"
      ])
      yield* inLanes(steps, ({ killAt }, step) => killAt([step]))
    })
  )

  it.live("and killed again at any step of taking up an uncertain launch does so too", () =>
    Effect.gen(function* () {
      const steps = yield* stepsOfRecovery
      assert.includeMembers(spansOf(steps), [
        "Transitions.markUncertain",
        "GitHub.find",
        "Transitions.noteLookup",
        "Transitions.beginLaunch",
        "GitHub.launch",
        "Transitions.markRunning"
      ])
      yield* inLanes(steps, ({ killAt }, step) => killAt([launchBegun, step]))
    })
  )

  it.live("while GitHub or Linear handle a call, or have handled it without an answer, does so too", () =>
    inLanes(calls, ({ killDuring }, call) => killDuring(call))
  )
})
