import { assert, describe, it } from "@effect/vitest"
import type * as DateTime from "effect/DateTime"
import { type ReapedDispatch, reapDecision } from "../../../src/dispatching/sessions/reapDecision.ts"
import { hours, millis, minutes, now } from "../../support/builders.ts"

const live: ReapedDispatch = {
  id: "01937c2e-0000-7000-8000-000000000001",
  issueIdentifier: "ENG-42",
  live: true,
  finishedAt: null,
  destroying: false,
  deadlineMinutes: 60
}
const ended: ReapedDispatch = { ...live, live: false, finishedAt: minutes(-1) }

describe("the reaper", () => {
  const table: ReadonlyArray<
    readonly [name: string, dispatch: ReapedDispatch | null, createdAt: DateTime.Utc, decision: string]
  > = [
    ["leaves a machine whose dispatch is not in the database", null, hours(-5), "Leave"],
    ["leaves a machine of a live dispatch", live, minutes(-30), "Leave"],
    ["leaves one that is just four hours old", live, hours(-4), "Leave"],
    ["stops a live dispatch whose machine is older", live, millis(-1, hours(-4)), "Stop"],
    ["gives a dispatch its six hours", { ...live, deadlineMinutes: 360 }, minutes(-370), "Leave"],
    ["but not more", { ...live, deadlineMinutes: 360 }, millis(-1, minutes(-370)), "Stop"],
    ["destroys the machine of a dispatch that has ended", ended, minutes(-30), "Destroy"],
    ["however young it is", ended, now, "Destroy"],
    ["after a minute", { ...ended, finishedAt: millis(1, minutes(-1)) }, minutes(-30), "Leave"],
    ["leaves to settlement what is settlement's", { ...ended, destroying: true }, hours(-5), "Leave"]
  ]
  for (const [name, dispatch, createdAt, decision] of table) {
    it(name, () => assert.strictEqual(reapDecision({ createdAt }, dispatch, now)._tag, decision))
  }

  it("says why", () => {
    assert.deepStrictEqual(reapDecision({ createdAt: now }, ended, now), {
      _tag: "Destroy",
      reason: "the dispatch of ENG-42 has ended"
    })
    assert.deepStrictEqual(reapDecision({ createdAt: hours(-5) }, live, now), {
      _tag: "Stop",
      reason: "older than 4 hours"
    })
  })
})
