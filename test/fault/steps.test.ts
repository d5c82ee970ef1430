import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Point } from "../support/orders.ts"
import { begun, stepsOfDispatch } from "./dryRun.ts"
import { commented, inLanes, type Interrupted, makeLane } from "./killRun.ts"
import { alternating, nameOf, passedUntil, spansOf, stepsFrom } from "./points.ts"
import { eventually, start } from "../support/scene.ts"

/** Begun, and it is unknown whether it was sent. */
const launchBegun: Point = { span: "Transitions.beginLaunch", nth: 1, edge: "end" }

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

const stepsOfAny = [
  "Admission.admit",
  "Lifecycle.start",
  "Transitions.beginLaunch",
  "Transitions.markRunning",
  "Lifecycle.announce",
  "Linear.change",
  "Transitions.markAnnounced",
  "Lifecycle.notify",
  "Lifecycle.settle.effect",
  "Linear.comment",
  "Settlements.effectDone",
  "Transitions.settle"
]

const linear = { upstream: "linear" } as const
const github = { upstream: "github" } as const
const fly = { upstream: "fly" } as const
const created: NonNullable<Interrupted["seen"]> = ({ machinesOf }, identifier) =>
  machinesOf(identifier).length > 0
const destroyed: NonNullable<Interrupted["seen"]> = ({ machinesOf }, identifier) =>
  machinesOf(identifier).every(({ state }) => state === "destroying" || state === "destroyed")
const launched: NonNullable<Interrupted["seen"]> = ({ github }, identifier) =>
  github.runs().some(({ inputs }) => inputs["issue_identifier"] === identifier)
const hasLabel =
  (label: string): NonNullable<Interrupted["seen"]> =>
  ({ linear }, identifier) =>
    linear.issueByIdentifier(identifier)?.labels.includes(label) === true

const launching: ReadonlyArray<Interrupted> = [
  { ...linear, operation: "CreateLabel", action: "hangAfter" },
  { ...linear, operation: "CreateLabel", action: "hang" },
  { ...github, operation: "actions/create-workflow-dispatch", action: "hang" },
  { ...github, operation: "actions/create-workflow-dispatch", action: "hangAfter", seen: launched },
  { ...linear, operation: "Update", action: "hang" },
  { ...linear, operation: "Update", nth: 2, action: "hang" }
]

const calls: Readonly<Record<"implementation" | "planning" | "machine", ReadonlyArray<Interrupted>>> = {
  implementation: [
    ...launching,
    { ...linear, operation: "Update", action: "hangAfter", seen: hasLabel("AI-Working") },
    { ...linear, operation: "Update", nth: 2, action: "hangAfter", seen: hasLabel("Ready for Review") },
    { ...linear, operation: "mutation Comment", action: "hang" },
    { ...linear, operation: "mutation Comment", action: "hangAfter", seen: commented(1) },
    { ...github, operation: "actions/list-workflow-runs-for-repo", action: "hang" },
    { ...github, operation: "head=acme", action: "hang" }
  ],
  machine: [
    { ...fly, operation: "Machines_create", action: "hang" },
    { ...fly, operation: "Machines_create", action: "hangAfter", seen: created },
    { ...fly, operation: "Machines_list", action: "hang", since: created },
    { ...fly, operation: "Machines_delete", action: "hang" },
    { ...fly, operation: "Machines_delete", action: "hangAfter", seen: destroyed }
  ],
  planning: [
    ...launching,
    { ...linear, operation: "Update", action: "hangAfter", seen: hasLabel("AI-Planning") },
    { ...linear, operation: "Update", nth: 2, action: "hangAfter", seen: hasLabel("Plan-Complete") },
    ...[1, 2, 3].flatMap((nth): ReadonlyArray<Interrupted> => [
      { ...linear, operation: "mutation Comment", nth, action: "hang" },
      { ...linear, operation: "mutation Comment", nth, action: "hangAfter", seen: commented(nth) }
    ])
  ]
}

describe("a service killed by kill -9 and started again", { timeout: 240_000 }, () => {
  it.live("at any step of a dispatch makes one run, one comment, the right labels and the right log", () =>
    Effect.gen(function* () {
      const steps = yield* stepsOfDispatch("implementation")
      assert.includeMembers(spansOf(steps), [...stepsOfAny, "GitHub.launch", "Settlement.writeOutcome"])
      yield* inLanes(steps, "implementation", ({ killAt }, step) => killAt(step))
    })
  )

  it.live(
    "before or after any step of planning makes one run, one plan, its comments in order and the right labels",
    () =>
      Effect.gen(function* () {
        const steps = yield* stepsOfDispatch("planning")
        assert.includeMembers(spansOf(steps), [
          ...stepsOfAny,
          "GitHub.launch",
          "Transitions.claim",
          "Reports.accept",
          "Plans.record",
          "Plans.noteLabels"
        ])
        yield* inLanes(alternating(steps), "planning", ({ killAt }, step) => killAt(step))
      })
  )

  it.live(
    "before or after any step of a dispatch on Fly makes one machine, which is destroyed in the end",
    () =>
      Effect.gen(function* () {
        const steps = yield* stepsOfDispatch("machine")
        assert.includeMembers(spansOf(steps), [
          ...stepsOfAny,
          "Fly.create",
          "Settlement.writeOutcome",
          "Fly.destroy"
        ])
        yield* inLanes(alternating(steps), "machine", ({ killAt }, step) => killAt(step))
      })
  )

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
      yield* inLanes(
        steps.filter((step) => nameOf(step) !== third),
        "implementation",
        ({ killAt }, step) => killAt(launchBegun, step)
      )
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
      scene.github.setConsistencyDelay(4000)
      const identifier = yield* killDuring({
        ...github,
        operation: "actions/create-workflow-dispatch",
        action: "hangAfter",
        seen: launched
      })
      const [row] = yield* scene.rows(identifier)
      assert.include(row?.events ?? [], "looked_up")
    })
  )

  for (const edge of ["start", "end"] as const) {
    it.live(`at the ${edge} of taking in an approval carries the plan out once`, () =>
      Effect.gen(function* () {
        const { scene, service, identifier } = yield* begun("planning")
        yield* scene.askForPass
        yield* scene.settled(identifier)
        yield* scene.idle
        yield* service.order({ dieAt: { span: "Plans.approve", nth: 1, edge } })
        scene.linear.setLabels(identifier, ["AI-Implement", "Plan-Complete", "Plan-Approved"])
        yield* scene.askForPass
        assert.strictEqual((yield* service.ended).signal, "SIGKILL")
        yield* start(scene.env)
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
        assert.lengthOf(scene.github.runs(), 2)
      })
    )
  }

  for (const flow of ["implementation", "planning", "machine"] as const) {
    it.live(
      `while an upstream handles a call of a dispatch (${flow}), or before its answer, does so too`,
      () => inLanes(calls[flow], flow, ({ killDuring }, call) => killDuring(call))
    )
  }
})
