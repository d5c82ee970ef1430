import * as PgClient from "@effect/sql-pg/PgClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"

const channel = "ai_implement_wake"

/** The singletons that can be woken, by name. */
export type Sleeper =
  | "poller"
  | "monitor"
  | "machines"
  | "pull-requests"
  | "comments"
  | "notifications"
  | "reaper"
  | "questions"

/** Wakes singletons on whichever replica they run. A wake carries nothing, and many are one. */
export class Wakes extends Context.Service<
  Wakes,
  {
    /** Within a transaction it happens when that commits. */
    readonly wake: (who: Sleeper) => Effect.Effect<void>
    /** Gives what waits for the next wake since this was asked for. A wake may also come from a new connection. */
    readonly sleeper: (who: Sleeper) => Effect.Effect<Effect.Effect<void>, never, Scope.Scope>
  }
>()("ai-implement/Sql/Wakes") {
  static readonly layer = Layer.effect(
    Wakes,
    Effect.gen(function* () {
      const pg = yield* PgClient.PgClient
      const sleepers = new Set<{ readonly who: string; readonly woken: Queue.Queue<void> }>()

      const rouse = (whom: (who: string) => boolean) => {
        for (const { who, woken } of sleepers) if (whom(who)) Queue.offerUnsafe(woken, undefined)
      }

      yield* pg.listen(channel).pipe(
        Effect.tap(() => Effect.sync(() => rouse(() => true))),
        Effect.flatMap((notifications) =>
          Queue.take(notifications).pipe(
            Effect.map(({ payload }) => rouse((who) => who === payload)),
            Effect.forever
          )
        ),
        Effect.scoped,
        Effect.retry(Schedule.spaced("1 second")),
        Effect.forkScoped
      )

      const wake = Effect.fn("Wakes.wake")(
        (who: Sleeper) => pg`select pg_notify(${channel}, ${who})`,
        Effect.asVoid,
        Effect.orDie
      )

      const enrol = Effect.fnUntraced(function* (who: Sleeper) {
        const entry = { who, woken: yield* Queue.sliding<void>(1) }
        sleepers.add(entry)
        return entry
      })

      const sleeper = Effect.fn("Wakes.sleeper")(
        (who: Sleeper) =>
          Effect.acquireRelease(enrol(who), (entry) => Effect.sync(() => sleepers.delete(entry))),
        Effect.map(({ woken }) => Queue.take(woken))
      )

      return Wakes.of({ wake, sleeper })
    })
  )
}
