import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Activity from "effect/workflow/Activity"
import * as DurableClock from "effect/workflow/DurableClock"
import * as DurableDeferred from "effect/workflow/DurableDeferred"
import * as Workflow from "effect/workflow/Workflow"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { Timestamp } from "../../domain/Text.ts"
import { announceOnce } from "./announceActivity.ts"
import { launchOnce } from "./launchActivity.ts"
import { settleOnce } from "./settleActivity.ts"
import { activity, type Step } from "./step.ts"
import { giveUpStopping, requestStop, stopOnce, StopPolicy } from "./stopActivity.ts"
import { DispatchId } from "../../domain/Ids.ts"

/** The workflow of one dispatch. The row holds its state; the workflow only moves it. */
export const DispatchWorkflow = Workflow.make("Dispatch", {
  payload: { dispatchId: DispatchId, generation: Schema.Int },
  idempotencyKey: ({ dispatchId, generation }) => `${dispatchId}/${generation}`
})

/** They carry no data: what happened is on the row. */
export const Ended = DurableDeferred.make("ended")
export const StopRequested = DurableDeferred.make("stop-asked")

const Signal = Schema.Literals(["ended", "stop", "time"])

const shortPause = Duration.seconds(5)

const sleep = (name: string, duration: Duration.Duration) =>
  DurableClock.sleep({ name, duration, inMemoryThreshold: shortPause })

const wait = (name: string, duration: Duration.Duration, stops: boolean) =>
  DurableDeferred.raceAll({
    name,
    success: Signal,
    error: Schema.Never,
    effects: [
      DurableDeferred.await(Ended).pipe(Effect.as("ended" as const)),
      ...(stops ? [DurableDeferred.await(StopRequested).pipe(Effect.as("stop" as const))] : []),
      DurableClock.sleep({ name, duration, inMemoryThreshold: Duration.zero }).pipe(
        Effect.as("time" as const)
      )
    ]
  })

const untilDone = Effect.fnUntraced(function* <R>(
  name: string,
  once: (tries: number) => Effect.Effect<Step, never, R>,
  hasEnded = false
) {
  let ended = hasEnded
  for (let tries = 0; ; tries++) {
    const step = yield* activity(`${name}/${tries + 1}`, once(tries))
    if (step._tag !== "Again") return step
    const pause = `${name}/${tries + 1}/pause`
    const duration = Duration.millis(step.afterMillis)
    if (ended || Duration.isLessThanOrEqualTo(duration, shortPause)) yield* sleep(pause, duration)
    else ended = (yield* wait(pause, duration, false)) === "ended"
  }
})

const announce = Effect.fnUntraced(function* (dispatchId: DispatchId) {
  for (let tries = 0; ; tries++) {
    const step = yield* activity(`announce/${tries + 1}`, announceOnce(dispatchId, tries))
    if (step._tag !== "Again") return tries === 0
    const signal = yield* wait(`announce/${tries + 1}/pause`, Duration.millis(step.afterMillis), true)
    if (signal !== "time") return false
  }
})

const retryChecks = Schedule.spaced("2 seconds")

const State = Schema.Struct({
  ended: Schema.Boolean,
  launched: Schema.Boolean,
  stopRequested: Schema.Boolean,
  deadlineAt: Schema.NullOr(Timestamp),
  now: Timestamp
})

const check = (name: string, dispatchId: DispatchId) =>
  Activity.make({
    name,
    success: State,
    execute: Effect.gen(function* () {
      const transitions = yield* TransitionsRepo
      const row = yield* transitions.find(dispatchId)
      return {
        ended: row === null || row.outcome !== null,
        launched: row?.run != null,
        stopRequested: row?.stopRequestedAt != null,
        deadlineAt: row?.deadlineAt ?? null,
        now: yield* DateTime.now
      }
    }).pipe(Effect.sandbox, Effect.retry({ schedule: retryChecks }), Effect.orDie)
  })

const pollEvery = Duration.seconds(15)

const waitForEndOrStop = Effect.fnUntraced(function* (
  dispatchId: DispatchId,
  seen: typeof State.Type | null
) {
  for (let turn = 1; ; turn++) {
    const state = turn === 1 && seen !== null ? seen : yield* check(`wait/${turn}/look`, dispatchId)
    if (state.ended) return "ended" as const
    if (state.stopRequested) return "stop" as const
    const left =
      state.deadlineAt === null
        ? Duration.hours(6)
        : Duration.millis(DateTime.toEpochMillis(state.deadlineAt) - DateTime.toEpochMillis(state.now))
    if (Duration.toMillis(left) <= 0) return "deadline" as const
    if (turn === 1) yield* wait(`wait/${turn}`, left, true)
    else yield* sleep(`wait/${turn}`, Duration.min(left, pollEvery))
  }
})

const waitForEnd = Effect.fnUntraced(function* (
  name: string,
  dispatchId: DispatchId,
  duration: Duration.Duration
) {
  yield* wait(name, duration, false)
  const state = yield* check(`${name}/look`, dispatchId)
  return state.ended
})

const stop = Effect.fnUntraced(function* (dispatchId: DispatchId) {
  const { forceAfter, notConfirmedAfter } = yield* StopPolicy
  yield* untilDone("stop", (tries) => stopOnce(dispatchId, tries, false))
  if (yield* waitForEnd("stopping", dispatchId, forceAfter)) return
  yield* untilDone("force-stop", (tries) => stopOnce(dispatchId, tries, true))
  if (yield* waitForEnd("forcing", dispatchId, Duration.subtract(notConfirmedAfter, forceAfter))) {
    return
  }
  yield* untilDone("give-up-stopping", () => giveUpStopping(dispatchId))
})

export const workflowLayer = DispatchWorkflow.toLayer(
  Effect.fnUntraced(function* ({ dispatchId }) {
    yield* untilDone("launch", (tries) => launchOnce(dispatchId, tries))
    const launched = yield* check("launched", dispatchId)
    if (launched.launched && !launched.ended) {
      const atOnce = yield* announce(dispatchId)
      const signal = yield* waitForEndOrStop(dispatchId, atOnce ? launched : null)
      if (signal === "deadline") {
        yield* untilDone("deadline", () =>
          requestStop(dispatchId, "deadline", "The deadline has passed: stopping the run")
        )
      }
      if (signal !== "ended") yield* stop(dispatchId)
    }
    yield* untilDone("settle", () => settleOnce(dispatchId), true)
  })
)
