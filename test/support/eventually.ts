import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** Looks every 20 ms until what it sees is as wanted; dies after `seconds` with what it saw last. */
export const eventually = Effect.fnUntraced(function* <A, E, R>(
  what: string,
  look: Effect.Effect<A, E, R>,
  wanted: (seen: A) => boolean,
  seconds = 20
) {
  let last: A | undefined
  return yield* look.pipe(
    Effect.tap((seen) => Effect.sync(() => void (last = seen))),
    Effect.repeat({ until: wanted, schedule: Schedule.spaced("20 millis") }),
    Effect.timeoutOrElse({
      duration: `${seconds} seconds`,
      orElse: () => Effect.die(new Error(`${what}: not within ${seconds} s; last: ${JSON.stringify(last)}`))
    }),
    Effect.map((seen) => seen as A)
  )
})
