import * as Effect from "effect/Effect"
import { maxPages } from "../../upstreams/client/limits.ts"
import { DedupRepo } from "../issues/DedupRepo.ts"
import { decide } from "./steps/decide.ts"
import { dispatch } from "./steps/dispatch.ts"
import type { PassState, Scope } from "./steps/PassState.ts"
import { read, readScope, takeReplies } from "./steps/read.ts"
import { reconcile } from "./steps/reconcile.ts"
import { probeIfDown, recover } from "./steps/recover.ts"

export interface PassResult {
  /** The candidates of a failed pass are those of the pass before. */
  readonly candidates: number
  readonly dispatched: number
  readonly error: string | null
}

export const failed = (lastCount: number, error: string): PassResult => ({
  candidates: lastCount,
  dispatched: 0,
  error
})

const tooMany = `Linear announces more than ${maxPages} pages of issues with the pickup label; only these were read. Remove the label from issues that are not to be implemented.`

const dispatchFrom = Effect.fnUntraced(function* (pass: PassState, scope: Scope) {
  const reading = yield* read(pass, scope)
  yield* reconcile(pass, reading)
  const decided = yield* decide(reading)
  const dispatched = yield* dispatch(pass, reading, decided)
  const result: PassResult = {
    candidates: reading.candidates.length,
    dispatched,
    error: reading.cut ? tooMany : null
  }
  return result
})

/** One whole pass. When Linear cannot be reached, nothing is cleared and the dispatches continue. */
export const runPass = Effect.fn("Pass.run")(function* (pass: PassState) {
  const dedup = yield* DedupRepo
  yield* dedup.expire()
  yield* recover()
  yield* probeIfDown()
  yield* takeReplies(pass)
  const scope = yield* readScope()
  if (scope === null) return { candidates: 0, dispatched: 0, error: null } satisfies PassResult
  return yield* dispatchFrom(pass, scope).pipe(
    Effect.catch(({ message }) => Effect.succeed(failed(pass.lastCount, message)))
  )
})
