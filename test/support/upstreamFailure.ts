import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Upstream } from "../../src/domain/Reason.ts"
import type { Action, Control } from "../../src/sandbox/Upstream.ts"
import type { UpstreamError, UpstreamReason } from "../../src/upstreams/UpstreamError.ts"

export const unknown: UpstreamReason = { _tag: "Unavailable", delivery: "unknown" }
export const notSent: UpstreamReason = { _tag: "Unavailable", delivery: "not_sent" }
export const rejected: UpstreamReason = { _tag: "Rejected", undeclaredInputs: [] }

/** The failure of a call of `upstream`, whose sentence must not match `never`. */
export const failing = (upstream: Upstream, never: RegExp) => {
  const failureOf = <A, R>(
    call: Effect.Effect<A, UpstreamError, R>
  ): Effect.Effect<UpstreamError, never, R> =>
    Effect.map(Effect.result(call), (result) => {
      if (Result.isSuccess(result)) return assert.fail("It succeeded.")
      assert.strictEqual(result.failure.upstream, upstream)
      assert.notMatch(result.failure.message, never)
      return result.failure
    })
  const reasonOf = <A, R>(
    call: Effect.Effect<A, UpstreamError, R>
  ): Effect.Effect<UpstreamReason, never, R> => Effect.map(failureOf(call), ({ reason }) => reason)
  return { failureOf, reasonOf }
}

/** The operations asked for since the last look, in order. */
export const askedOf = (control: Control) => {
  const operations = control.calls().map(({ operation }) => operation)
  control.resetCalls()
  return operations
}

/** What may happen to a launch by any upstream: how it fails, and how many runs it has made. */
export const launchFaults: ReadonlyArray<
  readonly [what: string, action: Action, reason: UpstreamReason, made: number]
> = [
  ["never answered", { _tag: "hang" }, unknown, 0],
  ["never answered though it was done", { _tag: "hangAfter" }, unknown, 1],
  ["reset", { _tag: "reset" }, unknown, 0],
  ["reset though it was done", { _tag: "resetAfter" }, unknown, 1],
  ["answered with a bad gateway", { _tag: "status", status: 502, body: "<html></html>" }, unknown, 0],
  ["answered with a bad gateway though it was done", { _tag: "statusAfter", status: 502 }, unknown, 1],
  ["cut off in the answer", { _tag: "truncate" }, unknown, 1],
  ["answered with nonsense", { _tag: "malformed" }, { _tag: "Malformed" }, 1]
]
