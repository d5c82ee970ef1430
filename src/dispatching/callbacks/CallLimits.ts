import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { DispatchId } from "../../domain/Ids.ts"
import { runnerLimits } from "../../domain/RunnerLimits.ts"
import { type CallBudget, isFull, spend } from "./callBudget.ts"
import { TooManyCalls } from "./errors.ts"

const maxIdleBudgets = 1000
const pollRetrySeconds = 5

const { maxBytesPerSecond, maxCallsPerSecond, maxLongPolls } = runnerLimits

/** Limits what one run may ask of this process, after its token was verified. */
export class CallLimits extends Context.Service<
  CallLimits,
  {
    readonly call: (dispatchId: DispatchId, bytes: number) => Effect.Effect<void, TooManyCalls>
    readonly longPoll: <A, E, R>(
      dispatchId: DispatchId,
      poll: Effect.Effect<A, E, R>
    ) => Effect.Effect<A, E | TooManyCalls, R>
  }
>()("ai-implement/dispatching/callbacks/CallLimits") {
  static readonly layer = Layer.sync(CallLimits, () => {
    const budgets = new Map<DispatchId, CallBudget>()
    const polls = new Map<DispatchId, number>()

    const dropIdle = (now: number) => {
      if (budgets.size < maxIdleBudgets) return
      for (const [id, budget] of budgets) if (isFull(budget, now)) budgets.delete(id)
    }

    const call = Effect.fnUntraced(function* (dispatchId: DispatchId, bytes: number) {
      const now = yield* Clock.currentTimeMillis
      const { budget, retryAfter } = spend(budgets.get(dispatchId), bytes, now)
      dropIdle(now)
      budgets.set(dispatchId, budget)
      if (retryAfter > 0) {
        return yield* new TooManyCalls({
          retryAfter,
          message: `A run may make ${maxCallsPerSecond} calls and send ${maxBytesPerSecond / 1000} kB in a second. Nothing was changed. Try again in ${retryAfter} s.`
        })
      }
    })

    const longPoll = <A, E, R>(dispatchId: DispatchId, poll: Effect.Effect<A, E, R>) =>
      Effect.acquireUseRelease(
        Effect.suspend(() => {
          const open = polls.get(dispatchId) ?? 0
          if (open >= maxLongPolls) {
            return new TooManyCalls({
              retryAfter: pollRetrySeconds,
              message: `A run may wait for ${maxLongPolls} questions at the same time. Try again in ${pollRetrySeconds} s.`
            })
          }
          polls.set(dispatchId, open + 1)
          return Effect.void
        }),
        () => poll,
        () =>
          Effect.sync(() => {
            const open = (polls.get(dispatchId) ?? 1) - 1
            if (open === 0) polls.delete(dispatchId)
            else polls.set(dispatchId, open)
          })
      )

    return CallLimits.of({ call, longPoll })
  })
}
