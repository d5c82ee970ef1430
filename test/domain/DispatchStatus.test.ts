import { assert, describe, it } from "@effect/vitest"
import { type DispatchStatus, OutcomeKind, statusOfOutcome } from "../../src/domain/DispatchStatus.ts"

describe("the status a dispatch ends in", () => {
  const table: Readonly<Record<OutcomeKind, DispatchStatus>> = {
    delivered: "succeeded",
    failed: "failed",
    lost: "failed",
    timed_out: "timed_out",
    cancelled: "cancelled"
  }
  for (const kind of OutcomeKind.literals) {
    it(`${kind}: ${table[kind]}`, () => assert.strictEqual(statusOfOutcome(kind), table[kind]))
  }
})
