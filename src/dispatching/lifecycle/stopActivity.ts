import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { backendOf, placeOf, type StopReason } from "../dispatches/DispatchRow.ts"
import { TimelineRepo } from "../dispatches/TimelineRepo.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { RunBackends } from "../../upstreams/RunBackends.ts"
import { Signals } from "../../platform/Signals.ts"
import { unconfirmedStop } from "./observe.ts"
import { Settlement } from "./Settlement.ts"
import { again, done, pause, type Step, StepRetry } from "./step.ts"
import type { DispatchId } from "../../domain/Ids.ts"

export const StopPolicy = Context.Reference("ai-implement/Lifecycle/StopPolicy", {
  defaultValue: () => ({
    forceAfter: Duration.minutes(2),
    notConfirmedAfter: Duration.minutes(10)
  })
})
export type StopPolicy = (typeof StopPolicy)["Service"]

/** Asks the run backend to stop the run; the monitor observes its end. */
export const stopOnce = Effect.fn("Lifecycle.stop")(function* (
  dispatchId: DispatchId,
  tries: number,
  force: boolean
): Effect.fn.Return<Step, never, RunBackends | TransitionsRepo | TimelineRepo | Signals> {
  const runBackends = yield* RunBackends
  const signals = yield* Signals
  const transitions = yield* TransitionsRepo
  const timeline = yield* TimelineRepo
  const retry = yield* StepRetry
  const row = yield* transitions.find(dispatchId)
  if (row === null || row.outcome !== null || row.run === null) return done
  return yield* runBackends.stop({ place: placeOf(row), run: row.run, force }).pipe(
    Effect.andThen(
      timeline.add(row.id, {
        type: force ? "force_stop_sent" : "stop_sent",
        message: force
          ? `Asked ${backendOf(row)} to end the run by force`
          : `Asked ${backendOf(row)} to stop the run`
      })
    ),
    Effect.andThen(placeOf(row).kind === "fly" ? signals.notify("machines") : Effect.void),
    Effect.as(done),
    Effect.catch((error) =>
      Effect.succeed(error.reason._tag === "NotFound" || tries >= 6 ? done : again(pause(tries, retry)))
    )
  )
})

/** Requests a stop by the service itself; an earlier request stands. */
export const requestStop = Effect.fn("Lifecycle.requestStop")(function* (
  dispatchId: DispatchId,
  reason: StopReason,
  message: string
): Effect.fn.Return<Step, never, TransitionsRepo> {
  const transitions = yield* TransitionsRepo
  yield* transitions.requestStop(dispatchId, { by: "the service", reason, message })
  return done
})

/** The stop of the run was never confirmed: the dispatch ends anyway. */
export const giveUpStopping = Effect.fn("Lifecycle.giveUpStopping")(function* (
  dispatchId: DispatchId
): Effect.fn.Return<Step, never, TransitionsRepo | Settlement> {
  const transitions = yield* TransitionsRepo
  const settlement = yield* Settlement
  const row = yield* transitions.find(dispatchId)
  if (row !== null && row.outcome === null) {
    yield* settlement.writeOutcome(row.id, unconfirmedStop(row), null)
  }
  return done
})
