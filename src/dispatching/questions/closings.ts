import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { logAndContinue, sleepOrSignal } from "../../platform/loops.ts"
import { Signals } from "../../platform/Signals.ts"

const pollInterval = Duration.seconds(15)
const minGap = Duration.millis(100)

/** Notices when questions close. All waits of this process share one query: after a signal, and every 15 s. */
export const makeClosings = Effect.fnUntraced(function* (
  closedOf: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<string>>
) {
  const signals = yield* Signals
  const signalled = yield* signals.subscribe("questions")
  const waits = new Set<{ readonly id: string; readonly closed: Deferred.Deferred<void> }>()

  const check = Effect.gen(function* () {
    if (waits.size === 0) return
    const closed = new Set(yield* closedOf([...new Set([...waits].map(({ id }) => id))]))
    for (const wait of waits) if (closed.has(wait.id)) Deferred.doneUnsafe(wait.closed, Effect.void)
  })

  yield* check.pipe(
    logAndContinue("Waiting for answers failed and is retried"),
    Effect.andThen(sleepOrSignal(signalled, pollInterval, minGap)),
    Effect.forever,
    Effect.forkScoped
  )

  const register = Effect.fnUntraced(function* (id: string) {
    const wait = { id: id.toLowerCase(), closed: yield* Deferred.make<void>() }
    waits.add(wait)
    return wait
  })

  return (id: string) =>
    Effect.acquireRelease(register(id), (wait) => Effect.sync(() => waits.delete(wait))).pipe(
      Effect.map(({ closed }) => Deferred.await(closed))
    )
})
