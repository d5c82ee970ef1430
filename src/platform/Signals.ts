import * as PgClient from "@effect/sql-pg/PgClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"

const channel = "ai_implement_wake"

export type SignalName =
  | "poller"
  | "monitor"
  | "machines"
  | "pull-requests"
  | "comments"
  | "notifications"
  | "reaper"
  | "questions"

/** Notifies singletons on any replica. A signal carries no data, and several may arrive as one. */
export class Signals extends Context.Service<
  Signals,
  {
    /** In a transaction, the signal is sent when it commits. */
    readonly notify: (who: SignalName) => Effect.Effect<void>
    /** Returns an effect that waits for the next signal after the subscription. A new connection also signals. */
    readonly subscribe: (who: SignalName) => Effect.Effect<Effect.Effect<void>, never, Scope.Scope>
  }
>()("ai-implement/platform/Signals") {
  static readonly layer = Layer.effect(
    Signals,
    Effect.gen(function* () {
      const pg = yield* PgClient.PgClient
      const subscribers = new Set<{ readonly who: string; readonly queue: Queue.Queue<void> }>()

      const notifyLocal = (whom: (who: string) => boolean) => {
        for (const { who, queue } of subscribers) if (whom(who)) Queue.offerUnsafe(queue, undefined)
      }

      yield* pg.listen(channel).pipe(
        Effect.tap(() => Effect.sync(() => notifyLocal(() => true))),
        Effect.flatMap((notifications) =>
          Queue.take(notifications).pipe(
            Effect.map(({ payload }) => notifyLocal((who) => who === payload)),
            Effect.forever
          )
        ),
        Effect.scoped,
        Effect.retry(Schedule.spaced("1 second")),
        Effect.forkScoped
      )

      const notify = Effect.fn("Signals.notify")(
        (who: SignalName) => pg`select pg_notify(${channel}, ${who})`,
        Effect.asVoid,
        Effect.orDie
      )

      const register = Effect.fnUntraced(function* (who: SignalName) {
        const entry = { who, queue: yield* Queue.sliding<void>(1) }
        subscribers.add(entry)
        return entry
      })

      const subscribe = Effect.fn("Signals.subscribe")(
        (who: SignalName) =>
          Effect.acquireRelease(register(who), (entry) => Effect.sync(() => subscribers.delete(entry))),
        Effect.map(({ queue }) => Queue.take(queue))
      )

      return Signals.of({ notify, subscribe })
    })
  )
}
