import { assert, describe, it } from "@effect/vitest"
import { isFull, spend } from "../../../src/dispatching/callbacks/callBudget.ts"

const start = 1_000_000

/** The waits of calls of so many bytes at these milliseconds after the first. */
const waits = (calls: ReadonlyArray<readonly [atMillis: number, bytes: number]>) => {
  let budget: Parameters<typeof spend>[0]
  return calls.map(([atMillis, bytes]) => {
    const spent = spend(budget, bytes, start + atMillis)
    budget = spent.budget
    return spent.retryAfter
  })
}

const times = (count: number, atMillis: number, bytes: number) =>
  Array.from({ length: count }, () => [atMillis, bytes] as const)

describe("the budget of a run's calls", () => {
  for (const [title, calls, expected] of [
    ["allows ten at once", times(10, 0, 0), times(10, 0, 0).map(() => 0)],
    ["refuses the eleventh of a second", [...times(10, 0, 0), [0, 0], [99, 0]], [...Array(10).fill(0), 1, 1]],
    [
      "allows one more each tenth of a second",
      [...times(10, 0, 0), [100, 0], [100, 0]],
      [...Array(10).fill(0), 0, 1]
    ],
    [
      "allows a body of 400 kB, and the next one 3 s later",
      [
        [0, 400_000],
        [2900, 1],
        [3000, 1]
      ],
      [0, 1, 0]
    ],
    [
      "names the seconds to wait after a large body",
      [
        [0, 400_000],
        [0, 1],
        [1500, 1]
      ],
      [0, 3, 2]
    ],
    ["does not grow while nothing is called", [[0, 0], ...times(11, 60_000, 0)], [...Array(11).fill(0), 1]],
    [
      "is not spent by refused calls",
      [...times(30, 0, 0), ...times(11, 1000, 0)],
      [...Array(10).fill(0), ...Array(20).fill(1), ...Array(10).fill(0), 1]
    ],
    ["stands still while the clock goes back", [...times(10, 0, 0), [-5000, 0]], [...Array(10).fill(0), 1]]
  ] as ReadonlyArray<readonly [string, ReadonlyArray<readonly [number, number]>, ReadonlyArray<number>]>) {
    it(title, () => assert.deepStrictEqual(waits(calls), expected))
  }

  it("is full again after the time that its spending takes", () => {
    const { budget } = spend(undefined, 200_000, start)
    assert.deepStrictEqual(
      [1999, 2000].map((millis) => isFull(budget, start + millis)),
      [false, true]
    )
  })
})
