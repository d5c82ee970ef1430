import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import { passesFail } from "../../../src/dispatching/poller/passesFail.ts"

const now = DateTime.makeUnsafe("2026-01-01T12:00:00Z")
const ago = (seconds: number) => DateTime.subtract(now, { seconds })

const good = { ok: true, finishedAt: ago(1) }
const bad = { ok: false, finishedAt: ago(1) }
const running = { ok: null, finishedAt: null }
const lost = { ok: null, finishedAt: null }

const facts = {
  recent: [good],
  goodSince: ago(60),
  interval: Duration.minutes(1),
  nextAt: DateTime.add(now, { seconds: 59 }),
  now
}

const table: ReadonlyArray<readonly [string, Partial<Parameters<typeof passesFail>[0]>, boolean]> = [
  ["with a good last pass", {}, false],
  ["before the first pass", { recent: [], nextAt: null }, false],
  ["after two failures", { recent: [bad, bad, good] }, false],
  ["after three failures", { recent: [bad, bad, bad, good] }, true],
  ["after three failures while the next one runs", { recent: [running, bad, bad, bad] }, true],
  ["after two failures while the third runs", { recent: [running, bad, bad, good] }, false],
  ["after three passes that were lost with their process", { recent: [running, lost, lost, lost] }, true],
  ["five minutes after the last good pass", { goodSince: ago(300) }, false],
  ["more than five minutes after the last good pass", { goodSince: ago(301) }, true],
  ["more than five minutes after the start without a pass", { recent: [], goodSince: ago(301) }, true],
  ["five long intervals after it", { goodSince: ago(6000), interval: Duration.minutes(20) }, false],
  ["more than five long intervals after it", { goodSince: ago(6001), interval: Duration.minutes(20) }, true],
  [
    "within five intervals of a stretched gap",
    { goodSince: ago(3000), nextAt: DateTime.add(now, { minutes: 10 }) },
    false
  ],
  ["while a pass runs past them", { recent: [running, good], goodSince: ago(3000), nextAt: ago(5) }, true]
]

describe("passes fail", () => {
  for (const [when, given, expected] of table) {
    it(`${expected ? "" : "not "}${when}`, () => {
      assert.strictEqual(passesFail({ ...facts, ...given }), expected)
    })
  }
})
