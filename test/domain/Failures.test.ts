import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { OutcomeKind } from "../../src/domain/DispatchStatus.ts"
import { heldBy, keepsDedup, keepsHold, recordEnd } from "../../src/domain/Failures.ts"
import type { Phase } from "../../src/domain/Modes.ts"
import { at, hours, failureState, minutes, now, outcome } from "../support/builders.ts"

const after = (failures: number) => (failures === 0 ? null : failureState({ failures }))

describe("the backoff", () => {
  const none = null
  const table: ReadonlyArray<
    readonly [phase: Phase, kind: OutcomeKind, ReadonlyArray<readonly [failure: number, wait: number | null]>]
  > = [
    [
      "planning",
      "failed",
      [
        [1, 5],
        [2, 10],
        [3, 20],
        [7, 320],
        [8, 360],
        [99, 360]
      ]
    ],
    [
      "planning",
      "timed_out",
      [
        [1, 5],
        [2, 10],
        [99, 360]
      ]
    ],
    [
      "planning",
      "lost",
      [
        [1, 1],
        [2, 2],
        [6, 32],
        [7, 60],
        [99, 60]
      ]
    ],
    [
      "implementation",
      "lost",
      [
        [1, 1],
        [2, 2],
        [3, 4],
        [6, 32],
        [7, 60],
        [99, 60]
      ]
    ],
    [
      "implementation",
      "failed",
      [
        [1, none],
        [2, none],
        [99, none]
      ]
    ],
    [
      "implementation",
      "timed_out",
      [
        [1, none],
        [2, none],
        [99, none]
      ]
    ]
  ]
  for (const [phase, kind, waits] of table) {
    for (const [failure, wait] of waits) {
      it(`${phase} ${kind}, number ${failure} in a row: ${wait === null ? "none" : `${wait} min`}`, () => {
        const state = recordEnd(after(failure - 1), phase, outcome({ kind }), now)
        assert.strictEqual(state?.failures, failure)
        assert.deepStrictEqual(state?.backoffUntil, wait === null ? null : minutes(wait))
      })
    }
  }

  it("of the last failure replaces the one before", () => {
    const before = failureState({ backoffUntil: hours(1) })
    assert.strictEqual(recordEnd(before, "implementation", outcome(), now)?.backoffUntil, null)
  })

  for (const [name, from, until] of [
    ["summer time begins", "2026-03-29T00:59:30Z", "2026-03-29T01:59:30.000Z"],
    ["summer time ends", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00.000Z"],
    ["the year ends", "2026-12-31T23:30:00Z", "2027-01-01T00:30:00.000Z"]
  ] as const) {
    it(`is a true hour while ${name}`, () => {
      const state = recordEnd(failureState({ failures: 9 }), "planning", outcome({ kind: "lost" }), at(from))
      assert.strictEqual(state?.backoffUntil && DateTime.formatIso(state.backoffUntil), until)
    })
  }
})

describe("parking", () => {
  for (const kind of ["failed", "timed_out", "lost"] as const) {
    for (const phase of ["planning", "implementation"] as const) {
      it(`${phase} ${kind}: with the third failure in a row`, () => {
        const parkedAt = [0, 1, 2].map(
          (before) => recordEnd(after(before), phase, outcome({ kind }), now)?.parkedAt
        )
        assert.deepStrictEqual(parkedAt, [null, null, now])
      })
    }
  }

  it("happens at once when nothing had to change, with the explanation", () => {
    const noChange = outcome({ reason: "no_change", message: "the bug was fixed yesterday." })
    assert.deepStrictEqual(recordEnd(null, "implementation", noChange, now), {
      failures: 1,
      backoffUntil: null,
      parkedAt: now,
      last: "the bug was fixed yesterday."
    })
  })

  it("keeps the time it began", () => {
    const parked = failureState({ failures: 3, parkedAt: hours(-5) })
    assert.deepStrictEqual(recordEnd(parked, "planning", outcome(), now)?.parkedAt, hours(-5))
  })
})

describe("the failure state", () => {
  const before = failureState({ failures: 2, backoffUntil: minutes(2) })

  it("keeps the last reason", () => {
    assert.strictEqual(recordEnd(before, "planning", outcome({ message: "why" }), now)?.last, "why")
  })

  it("is reset by a delivery", () => {
    assert.strictEqual(recordEnd(before, "planning", outcome({ kind: "delivered" }), now), null)
  })

  it("loses its backoff by a cancelled dispatch, which does not count", () => {
    const cancelled = outcome({ kind: "cancelled", reason: "operator" })
    assert.deepStrictEqual(recordEnd(before, "planning", cancelled, now), { ...before, backoffUntil: null })
    assert.strictEqual(recordEnd(null, "planning", cancelled, now), null)
  })
})

describe("the hold of an issue", () => {
  const ends = OutcomeKind.literals.flatMap((kind) =>
    (["operator", "run_cancelled", "deadline", "issue_canceled"] as const).map((reason) =>
      outcome({ kind, reason, facts: { by: "@olga on GitHub" } })
    )
  )
  const named = (some: typeof ends) => some.map(({ kind, reason }) => `${kind} ${reason}`)

  it("is kept by a cancelled end that a person caused, and by no other", () => {
    assert.deepStrictEqual(named(ends.filter(keepsHold)), ["cancelled operator", "cancelled run_cancelled"])
  })

  it("comes with the end of a run that a person cancelled at its backend, and with no other", () => {
    const holding = ends.filter((end) => heldBy(end) !== null)
    assert.deepStrictEqual(named(holding), ["cancelled run_cancelled"])
    assert.deepStrictEqual(holding.map(heldBy), ["@olga on GitHub"])
    const unnamed = outcome({ kind: "cancelled", reason: "run_cancelled" })
    assert.strictEqual(heldBy(unnamed), "a person")
  })
})

describe("the dedup row", () => {
  const retained: Readonly<Record<OutcomeKind, boolean>> = {
    delivered: true,
    failed: true,
    timed_out: true,
    lost: false,
    cancelled: false
  }
  for (const kind of OutcomeKind.literals) {
    it(`${kind}: ${retained[kind] ? "kept" : "removed"}`, () =>
      assert.strictEqual(keepsDedup(kind), retained[kind]))
  }
})
