import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Singleton from "effect/cluster/Singleton"
import { type SignalName, Signals } from "./Signals.ts"

const minGap = Duration.seconds(1)

/** Sleeps for `every`, or until a signal, but at least for `gap`. */
export const sleepOrSignal = (
  signal: Effect.Effect<void>,
  every: Duration.Duration,
  gap: Duration.Duration
) => Effect.race(Effect.sleep(every), Effect.andThen(Effect.sleep(Duration.min(every, gap)), signal))

/** Logs a failure or defect and continues; an interruption passes. */
export const logAndContinue =
  (message: string) =>
  <A, E, R>(self: Effect.Effect<A, E, R>) =>
    Effect.catchCause(self, (cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.interrupt : Effect.logError(message, cause)
    )

/** Runs a turn for ever on one replica, at the interval and on a signal. A failed turn is logged, and the next one follows. */
export const singletonLoop = <R>(
  name: SignalName,
  what: string,
  turn: Effect.Effect<void, never, R>,
  every: Duration.Duration
) =>
  Singleton.make(
    name,
    Effect.gen(function* () {
      const signals = yield* Signals
      const signal = yield* signals.subscribe(name)
      return yield* turn.pipe(
        logAndContinue(`${what} failed and continues at its next turn`),
        Effect.andThen(sleepOrSignal(signal, every, minGap)),
        Effect.forever
      )
    }).pipe(Effect.scoped)
  )
