import * as DateTime from "effect/DateTime"
import { assert, it } from "vitest"
import type { Dispatch, DispatchEvent } from "../../../src/domain/Dispatch.ts"
import { stepsOf } from "../../../web/lib/waterfall-steps.ts"
import { failed, settledDispatch } from "../support/samples.ts"

const { id, reservedAt } = settledDispatch
const at = (seconds: number) => DateTime.add(reservedAt, { seconds })

type TimelineEntry = readonly [seconds: number, type: string, message?: string]

const parts = (dispatch: Dispatch, ...entries: ReadonlyArray<TimelineEntry>) => {
  const events = entries.map(([seconds, type, message = type], index): DispatchEvent => {
    return { id: index, dispatchId: id, at: at(seconds), type, actor: null, message, facts: {} }
  })
  const since = (ms: number) => (ms - DateTime.toEpochMillis(reservedAt)) / 1000
  return stepsOf(dispatch, events)
    .filter(({ part }) => part)
    .map(({ from, name, to, tone }) => [name, since(from), to === null ? null : since(to), tone])
}

const started: ReadonlyArray<TimelineEntry> = [
  [0, "reserved"],
  [2, "launching"],
  [3, "running"],
  [9, "claimed"]
]
const live: Dispatch = { ...settledDispatch, outcome: null, finishedAt: null, settledAt: null }

it("a run that reports nothing has no parts", () => {
  assert.deepStrictEqual(parts(settledDispatch, ...started, [400, "run_ended"]), [])
})

it("each step of a run lasts until the next, the last until the run's end", () => {
  assert.deepStrictEqual(
    parts(settledDispatch, ...started, [10, "step", "clone"], [30, "step", "verify"], [400, "run_ended"]),
    [
      ["Start", 3, 10, "neutral"],
      ["Clone", 10, 30, "neutral"],
      ["Verify", 30, 400, "neutral"]
    ]
  )
})

it("a question is waited for within its step", () => {
  assert.deepStrictEqual(
    parts(
      live,
      ...started,
      [10, "step", "agent"],
      [20, "question_asked"],
      [50, "question_answered"],
      [60, "question_asked"]
    ),
    [
      ["Start", 3, 10, "neutral"],
      ["Agent", 10, null, "running"],
      ["Waits for an answer", 20, 50, "waiting"],
      ["Waits for an answer", 60, null, "waiting"]
    ]
  )
})

it("the step at which a run failed is marked", () => {
  const lost = { ...settledDispatch, outcome: failed(8).outcome }
  assert.deepStrictEqual(parts(lost, ...started, [10, "step", "verify"]).at(-1), [
    "Verify",
    10,
    412,
    "failed"
  ])
})
