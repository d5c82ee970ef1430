import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import { type Limited, limitedSeconds, nextLimited } from "../../../src/upstreams/client/limits.ts"

const minute = 60_000
const max = Duration.minutes(5)

describe("a rate limit that names no time", () => {
  const table: ReadonlyArray<
    readonly [string, before: Limited | null, refused: boolean, now: number, after: Limited | null]
  > = [
    ["is waited for", null, true, 7, { waits: 1, since: 7 }],
    ["is one for requests sent at once", { waits: 1, since: 0 }, true, minute - 1, { waits: 1, since: 0 }],
    ["is not over with an answer to one of them", { waits: 1, since: 0 }, false, 1, { waits: 1, since: 0 }],
    [
      "doubles when the next try is refused",
      { waits: 1, since: 0 },
      true,
      minute,
      { waits: 2, since: minute }
    ],
    ["is over when the next try succeeds", { waits: 2, since: 0 }, false, 2 * minute, null],
    ["is none while nothing is refused", null, false, 7, null]
  ]
  for (const [name, before, refused, now, after] of table) {
    it(name, () => assert.deepStrictEqual(nextLimited(before, refused, now, max), after))
  }

  it("is waited for 1, 2, 4 and then 5 minutes", () =>
    assert.deepStrictEqual(
      [1, 2, 3, 4, 99].map((waits) => limitedSeconds(waits, max)),
      [60, 120, 240, 300, 300]
    ))
})
