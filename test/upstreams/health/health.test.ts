import { assert, describe, it } from "@effect/vitest"
import type { UpstreamReason } from "../../../src/upstreams/UpstreamError.ts"
import { type Health, nextHealth } from "../../../src/upstreams/health/health.ts"
import { minutes, now, upstreamError } from "../../support/builders.ts"

const faults = {
  unavailable: { _tag: "Unavailable", delivery: "unknown" },
  malformed: { _tag: "Malformed" },
  unauthorized: { _tag: "Unauthorized" },
  limited: { _tag: "RateLimited", retryAfter: 5 }
} as const satisfies Record<string, UpstreamReason>
const answers = {
  success: null,
  notFound: { _tag: "NotFound" },
  rejected: { _tag: "Rejected", undeclaredInputs: [] }
} as const satisfies Record<string, UpstreamReason | null>
const { unavailable, malformed, unauthorized, limited } = faults
const { success, notFound, rejected } = answers

/** The health after calls a minute apart. */
const after = (calls: ReadonlyArray<UpstreamReason | null>) =>
  calls.reduce<Health | null>(
    (previous, reason, minute) =>
      nextHealth(previous, reason && upstreamError(reason, `call ${minute}`), minutes(minute)),
    null
  )

describe("the health of an upstream", () => {
  const table: ReadonlyArray<{
    readonly name: string
    readonly calls: ReadonlyArray<UpstreamReason | null>
    readonly state: Health["state"]
    /** The call by which the state began. */
    readonly since: number
    readonly faults: number
  }> = [
    { name: "is ok with its first success", calls: [success], state: "ok", since: 0, faults: 0 },
    { name: "stays ok", calls: [success, success, success], state: "ok", since: 0, faults: 0 },
    {
      name: "stays ok while what was asked for is at fault",
      calls: [success, notFound, rejected, rejected],
      state: "ok",
      since: 0,
      faults: 0
    },
    { name: "is degraded by a fault", calls: [success, unavailable], state: "degraded", since: 1, faults: 1 },
    {
      name: "is degraded by its first call",
      calls: [malformed],
      state: "degraded",
      since: 0,
      faults: 1
    },
    {
      name: "stays degraded with two faults",
      calls: [success, unavailable, malformed],
      state: "degraded",
      since: 1,
      faults: 2
    },
    {
      name: "is down with three faults in a row",
      calls: [success, unavailable, malformed, unavailable],
      state: "down",
      since: 3,
      faults: 3
    },
    {
      name: "stays down since the first of them",
      calls: [unavailable, unavailable, unavailable, malformed],
      state: "down",
      since: 2,
      faults: 4
    },
    {
      name: "counts from zero after an answer",
      calls: [unavailable, unavailable, notFound, unavailable],
      state: "degraded",
      since: 3,
      faults: 1
    },
    {
      name: "is down at once when it refuses the key",
      calls: [success, unauthorized],
      state: "down",
      since: 1,
      faults: 1
    },
    {
      name: "is only degraded by rate limits, however many",
      calls: [limited, limited, limited, limited],
      state: "degraded",
      since: 0,
      faults: 4
    },
    {
      name: "is not lifted from down by a rate limit",
      calls: [unauthorized, limited],
      state: "down",
      since: 0,
      faults: 2
    },
    {
      name: "is ok again with one success",
      calls: [unavailable, unavailable, unavailable, success],
      state: "ok",
      since: 3,
      faults: 0
    },
    {
      name: "is ok again with an answer that refuses what was asked",
      calls: [unauthorized, notFound],
      state: "ok",
      since: 1,
      faults: 0
    }
  ]
  for (const { name, calls, state, since, faults } of table) {
    it(name, () =>
      assert.deepStrictEqual(after(calls), {
        state,
        since: minutes(since),
        error: state === "ok" ? null : `call ${calls.length - 1}`,
        faults
      })
    )
  }

  it("keeps what was stored as ok", () => {
    const stored: Health = { state: "ok", since: minutes(-60), error: null, faults: 0 }
    assert.strictEqual(nextHealth(stored, null, now), stored)
  })
})
