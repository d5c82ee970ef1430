import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { machineName } from "../../src/dispatching/sessions/MachineRuns.ts"
import { answer, type Flow } from "../support/flow.ts"
import type { Scene } from "../support/scene.ts"
import { StoredDispatchId } from "../../src/domain/Ids.ts"

interface Left {
  readonly status: "succeeded" | "cancelled"
  readonly conclusion: "success" | "cancelled"
  readonly effects: ReadonlyArray<string>
  readonly inDedup: boolean
  readonly labels: ReadonlyArray<string>
  /** How each comment begins, and each reply in its thread. */
  readonly comments: ReadonlyArray<string>
  readonly replies: ReadonlyArray<string>
  readonly plans: number
  readonly answers: ReadonlyArray<string>
  readonly pullRequests: number
  /** What the timeline records once, in this order up to `outcome`. */
  readonly timeline: ReadonlyArray<string>
  readonly outcome: string
}

const implementation: Left = {
  status: "succeeded",
  conclusion: "success",
  effects: ["comment done", "labels done"],
  inDedup: true,
  labels: ["AI-Implement", "Ready for Review"],
  comments: ["AI-Implement opened pull request"],
  replies: [],
  plans: 0,
  answers: [],
  pullRequests: 1,
  timeline: [
    "reserved",
    "running",
    "announced",
    "run_ended",
    "delivered",
    "comment_done",
    "labels_done",
    "settled"
  ],
  outcome: "delivered"
}

const question: Left = {
  ...implementation,
  comments: ["**The agent asks:**", ...implementation.comments],
  replies: ["operator answered in the admin:"],
  answers: [answer],
  timeline: [
    "reserved",
    "running",
    "announced",
    "claimed",
    "question_asked",
    "question_answered",
    "reported",
    "run_ended",
    "delivered",
    "comment_done",
    "labels_done",
    "settled"
  ]
}

const left: Readonly<Record<Flow, Left>> = {
  implementation,
  machine: {
    ...implementation,
    effects: [...implementation.effects, "machine done"],
    timeline: [...implementation.timeline, "machine_done"]
  },
  planning: {
    ...implementation,
    effects: ["labels done", "plan_1 done", "plan_2 done", "plan_3 done"],
    inDedup: false,
    labels: ["AI-Implement", "Plan-Complete"],
    comments: [
      "**Plan 1 of 3: Architecture Analysis**",
      "**Plan 2 of 3: Test Plan**",
      "**Plan 3 of 3: Cross-Story Context**"
    ],
    plans: 1,
    pullRequests: 0,
    timeline: [
      "reserved",
      "running",
      "announced",
      "delivered",
      "plan_1_done",
      "plan_2_done",
      "plan_3_done",
      "labels_done",
      "settled"
    ]
  },
  question,
  reply: { ...question, replies: [answer] },
  cancel: {
    ...implementation,
    status: "cancelled",
    conclusion: "cancelled",
    inDedup: false,
    labels: [],
    comments: ["AI-Implement was stopped"],
    pullRequests: 0,
    timeline: [
      "reserved",
      "running",
      "announced",
      "stop_requested",
      "cancelled",
      "comment_done",
      "labels_done",
      "settled"
    ],
    outcome: "cancelled"
  }
}

const assertBegin = (bodies: ReadonlyArray<string>, beginnings: ReadonlyArray<string>, what: string) => {
  assert.lengthOf(bodies, beginnings.length, `${what}: ${bodies.join("; ")}`)
  for (const [index, beginning] of beginnings.entries()) {
    assert.isTrue(bodies[index]?.startsWith(beginning), beginning)
  }
}

/** One dispatch, one run, its comments once and in order, the right labels, one move and a log that has it once. */
export const assertExactlyOnce = Effect.fnUntraced(function* (scene: Scene, identifier: string) {
  const { fly, linear, github } = scene
  const { timeline, ...expected } = left[scene.flow]
  const rows = yield* scene.rows(identifier)
  assert.lengthOf(rows, 1, JSON.stringify(rows))
  const [row] = rows
  assert.isDefined(row)
  assert.strictEqual(row.status, expected.status)
  assert.isNotNull(row.settledAt)
  assert.strictEqual(row.inDedup, expected.inDedup, "dedup row")
  assert.strictEqual(row.plans, expected.plans, "plans")
  assert.deepStrictEqual(row.answers, expected.answers)
  assert.deepStrictEqual(row.effects, expected.effects)
  const runs = scene.runsOf(identifier)
  const onFly = scene.flow === "machine"
  assert.deepStrictEqual(
    runs.map(({ inputs, conclusion }) => [inputs["dispatch_id"], conclusion]),
    onFly ? [] : [[row.id, expected.conclusion]],
    "runs"
  )
  assert.deepStrictEqual(
    scene.machinesOf(identifier).map(({ name, state }) => [name, state]),
    onFly ? [[machineName(StoredDispatchId.make(row.id)), "destroyed"]] : [],
    "machines"
  )
  const pullRequests = github.pullRequests().filter(({ branch }) => branch === row.branch)
  assert.lengthOf(pullRequests, expected.pullRequests, "pull requests")
  const { comments = [], labels, state } = linear.issueByIdentifier(identifier) ?? {}
  const bodies = (inThread: boolean) =>
    comments.flatMap(({ body, parentId }) => ((parentId === null) === inThread ? [] : body))
  assertBegin(bodies(false), expected.comments, "comments")
  assertBegin(bodies(true), expected.replies, "replies")
  assert.deepStrictEqual(labels, expected.labels)
  assert.strictEqual(state?.name, "In Progress")
  assert.strictEqual(scene.moves(identifier), 1, "moves to In Progress")
  assert.sameOrderedMembers(
    row.events.filter((type) => timeline.includes(type)).toSorted(),
    timeline.toSorted(),
    row.events.join(" ")
  )
  const inOrder = timeline.slice(0, timeline.indexOf(expected.outcome) + 1)
  assert.deepStrictEqual(
    row.events.filter((type) => inOrder.includes(type)),
    inOrder
  )
  assert.strictEqual(row.events.at(-1), "settled")
  assert.include(row.events, "launching")
  assert.deepStrictEqual(linear.violations(), [])
  assert.deepStrictEqual(github.control.violations(), [])
  assert.deepStrictEqual(fly.control.violations(), [])
})
