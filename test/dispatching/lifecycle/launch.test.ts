import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import type { DispatchRow } from "../../../src/dispatching/dispatches/DispatchRow.ts"
import { DispatchStatus } from "../../../src/domain/DispatchStatus.ts"
import {
  LaunchPolicy,
  type LaunchFailure,
  launchFailure,
  type LaunchStep,
  nextLaunchStep
} from "../../../src/dispatching/lifecycle/launch.ts"
import type { UpstreamReason } from "../../../src/upstreams/UpstreamError.ts"
import { dispatchRow, millis, minutes, now, outcome, seconds, upstreamError } from "../../support/builders.ts"

const policy = LaunchPolicy.defaultValue()
const step = (changes: Partial<DispatchRow>, time = now) => nextLaunchStep(dispatchRow(changes), time, policy)

describe("the next launch step of a status", () => {
  const table: Readonly<Record<DispatchStatus, readonly [LaunchStep["_tag"], withStop: LaunchStep["_tag"]]>> =
    {
      reserved: ["Send", "Cancel"],
      launching: ["MarkUncertain", "MarkUncertain"],
      uncertain: ["LookUp", "LookUp"],
      running: ["Nothing", "Nothing"],
      stopping: ["Nothing", "Nothing"],
      succeeded: ["Nothing", "Nothing"],
      failed: ["Nothing", "Nothing"],
      timed_out: ["Nothing", "Nothing"],
      cancelled: ["Nothing", "Nothing"]
    }
  for (const status of DispatchStatus.literals) {
    const [free, withStop] = table[status]
    it(`${status}: ${free}`, () => assert.strictEqual(step({ status })._tag, free))
    it(`${status} with a stop: ${withStop}`, () =>
      assert.strictEqual(step({ status, stopRequestedAt: now, stopReason: "operator" })._tag, withStop))
    it(`${status} with an outcome: Nothing`, () =>
      assert.strictEqual(step({ status, outcome: outcome() })._tag, "Nothing"))
  }

  it("an attempt that was not sent is sent again", () => {
    assert.strictEqual(step({ status: "reserved", launchAttempt: 2 })._tag, "Send")
  })
})

describe("the look-ups of an uncertain launch", () => {
  const lease = minutes(1)
  const uncertainAt = seconds(30)
  const absent = minutes(3)
  const uncertain = (changes: Partial<DispatchRow>): Partial<DispatchRow> => ({
    status: "uncertain",
    launchAttempt: 1,
    launchLeaseUntil: lease,
    launchUncertainAt: uncertainAt,
    ...changes
  })
  const looked = (lookups: number, last: typeof now) =>
    uncertain({ launchLookups: lookups, launchLookedUpAt: last })
  const stop = { stopRequestedAt: minutes(1), stopReason: "operator" } as const

  const table: ReadonlyArray<{
    readonly name: string
    readonly row: Partial<DispatchRow>
    readonly at: typeof now
    readonly expected: LaunchStep
  }> = [
    { name: "the first is due at once", row: uncertain({}), at: uncertainAt, expected: { _tag: "LookUp" } },
    {
      name: "the next is not due within 30 s",
      row: looked(1, uncertainAt),
      at: millis(29_999, uncertainAt),
      expected: { _tag: "Wait", until: minutes(1) }
    },
    {
      name: "the next is due after 30 s",
      row: looked(1, uncertainAt),
      at: minutes(1),
      expected: { _tag: "LookUp" }
    },
    {
      name: "one alone proves nothing, however late",
      row: looked(1, absent),
      at: absent,
      expected: { _tag: "Wait", until: seconds(30, absent) }
    },
    {
      name: "many prove nothing while the lease holds",
      row: looked(9, millis(-1, lease)),
      at: lease,
      expected: { _tag: "Wait", until: millis(29_999, lease) }
    },
    {
      name: "many prove nothing until 2 min after the lease",
      row: looked(9, millis(-1, absent)),
      at: absent,
      expected: { _tag: "Wait", until: millis(29_999, absent) }
    },
    {
      name: "two with the last 2 min after the lease allow a new attempt",
      row: looked(2, absent),
      at: absent,
      expected: { _tag: "Send" }
    },
    {
      name: "a person decides about a launch that was sent again and is absent too",
      row: { ...looked(2, absent), launchResends: 1 },
      at: absent,
      expected: { _tag: "Undecided" }
    },
    {
      name: "a proven absence ends a dispatch that was to stop",
      row: { ...looked(2, absent), ...stop },
      at: absent,
      expected: { _tag: "Cancel" }
    },
    {
      name: "a stop does not end a dispatch whose absence is not proven",
      row: { ...looked(2, millis(-1, absent)), ...stop },
      at: absent,
      expected: { _tag: "Wait", until: millis(29_999, absent) }
    },
    {
      name: "without a lease no absence is proven",
      row: { ...looked(2, absent), launchLeaseUntil: null },
      at: absent,
      expected: { _tag: "Wait", until: seconds(30, absent) }
    },
    {
      name: "they continue for 15 min",
      row: looked(1, minutes(14)),
      at: minutes(15, uncertainAt),
      expected: { _tag: "LookUp" }
    },
    {
      name: "after 15 min a person decides",
      row: looked(1, minutes(14)),
      at: millis(1, minutes(15, uncertainAt)),
      expected: { _tag: "Undecided" }
    },
    {
      name: "after 15 min a person decides, also where a stop was asked for",
      row: { ...looked(1, minutes(14)), ...stop },
      at: millis(1, minutes(15, uncertainAt)),
      expected: { _tag: "Undecided" }
    },
    {
      name: "are not made where the workflow does not declare dispatch_id",
      row: uncertain({ launchUndeclaredInputs: ["extra_env", "dispatch_id"] }),
      at: uncertainAt,
      expected: { _tag: "Undecided" }
    },
    {
      name: "prove nothing where the workflow does not declare dispatch_id",
      row: { ...looked(2, absent), launchUndeclaredInputs: ["dispatch_id"] },
      at: absent,
      expected: { _tag: "Undecided" }
    },
    {
      name: "are made where the workflow does not declare another input",
      row: uncertain({ launchUndeclaredInputs: ["extra_env"] }),
      at: uncertainAt,
      expected: { _tag: "LookUp" }
    }
  ]
  for (const { name, row, at, expected } of table) {
    it(name, () => assert.deepStrictEqual(step(row, at), expected))
  }
})

describe("what a failed launch call means", () => {
  const again: LaunchFailure = { _tag: "NotSent", after: null }
  const table: ReadonlyArray<{
    readonly name: string
    readonly reason: UpstreamReason
    readonly before: LaunchFailure
    readonly sent: LaunchFailure
  }> = [
    {
      name: "a rate limit is waited out",
      reason: { _tag: "RateLimited", retryAfter: 61 },
      before: { _tag: "NotSent", after: Duration.seconds(61) },
      sent: { _tag: "NotSent", after: Duration.seconds(61) }
    },
    {
      name: "a refused connection sent nothing",
      reason: { _tag: "Unavailable", delivery: "not_sent" },
      before: again,
      sent: again
    },
    {
      name: "a lost answer leaves a sent launch uncertain",
      reason: { _tag: "Unavailable", delivery: "unknown" },
      before: again,
      sent: { _tag: "Uncertain" }
    },
    {
      name: "an answer that cannot be read leaves a sent launch uncertain",
      reason: { _tag: "Malformed" },
      before: again,
      sent: { _tag: "Uncertain" }
    },
    {
      name: "undeclared inputs are left out of the next attempt",
      reason: { _tag: "Rejected", undeclaredInputs: ["run_url", "dispatch_id"] },
      before: { _tag: "Undeclared", inputs: ["run_url", "dispatch_id"] },
      sent: { _tag: "Undeclared", inputs: ["run_url", "dispatch_id"] }
    },
    {
      name: "any other rejection is final",
      reason: { _tag: "Rejected", undeclaredInputs: [] },
      before: { _tag: "Refused" },
      sent: { _tag: "Refused" }
    },
    {
      name: "a missing workflow or repository is final",
      reason: { _tag: "NotFound" },
      before: { _tag: "Refused" },
      sent: { _tag: "Refused" }
    },
    {
      name: "refused credentials are tried again, with a fresh token",
      reason: { _tag: "Unauthorized" },
      before: again,
      sent: again
    },
    {
      name: "missing settings sent nothing",
      reason: { _tag: "NotConfigured", missing: ["GITHUB_APP_ID"] },
      before: again,
      sent: again
    }
  ]
  for (const { name, reason, before, sent } of table) {
    it(name, () => {
      assert.deepStrictEqual(launchFailure(upstreamError(reason), false), before)
      assert.deepStrictEqual(launchFailure(upstreamError(reason), true), sent)
    })
  }
})
