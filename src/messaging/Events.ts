import * as PgClient from "@effect/sql-pg/PgClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import * as RcRef from "effect/RcRef"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Event } from "../domain/Event.ts"
import { eventsChannel, EventsRepo } from "./Events/EventsRepo.ts"

/** So many watch already. */
export class TooManyWatchers extends Schema.TaggedError<TooManyWatchers>()("TooManyWatchers", {
  limit: Schema.Int
}) {}

/** What a watcher gets: where it begins, each change, and that it missed some and has to read all anew. */
export type FeedMessage =
  | { readonly _tag: "hello"; readonly id: number }
  | { readonly _tag: "reset"; readonly id: number }
  | { readonly _tag: "change"; readonly event: Event }

/** How much is kept for those who read slowly or come back, and how many may watch one process. */
export const EventLimits = Context.Reference<{ readonly window: number; readonly watchers: number }>(
  "ai-implement/EventLimits",
  { defaultValue: () => ({ window: 1000, watchers: 100 }) }
)

const gather = "50 millis"

/** Everything that changes, told to whoever watches, in the order in which it was committed. */
export class Events extends Context.Service<
  Events,
  {
    /** From now on, or from after the given id. It holds a place until the scope ends. */
    readonly watch: (
      after: number | null
    ) => Effect.Effect<Stream.Stream<FeedMessage>, TooManyWatchers, Scope.Scope>
  }
>()("ai-implement/messaging/Events") {
  static readonly layerNoDeps = Layer.effect(
    Events,
    Effect.gen(function* () {
      const pg = yield* PgClient.PgClient
      const repo = yield* EventsRepo
      const limits = yield* EventLimits
      let watching = 0

      /** The latest events of this process, read once for all who watch. */
      const latest = yield* RcRef.make({
        acquire: Effect.gen(function* () {
          const wake = yield* PubSub.sliding<void>({ capacity: 1, replay: 1 })
          const start = (yield* repo.range).newest
          const kept = { after: start, events: [] as ReadonlyArray<Event> }
          const read = Effect.gen(function* () {
            while (true) {
              const more = yield* repo.after(kept.events.at(-1)?.id ?? kept.after, limits.window)
              if (more.length === 0) return
              const all = [...kept.events, ...more]
              kept.after = all.at(-limits.window - 1)?.id ?? kept.after
              kept.events = all.slice(-limits.window)
              yield* PubSub.publish(wake, undefined)
            }
          })
          yield* pg.listen(eventsChannel).pipe(
            Effect.tap(() => read),
            Effect.flatMap((notified) =>
              Queue.takeAll(notified).pipe(Effect.andThen(read), Effect.delay(gather), Effect.forever)
            ),
            Effect.scoped,
            Effect.sandbox,
            Effect.retry(Schedule.spaced("1 second")),
            Effect.forkScoped
          )
          return { kept, wake }
        }),
        idleTimeToLive: "1 minute"
      })

      const place = Effect.acquireRelease(
        Effect.suspend(() =>
          watching < limits.watchers
            ? Effect.sync(() => void watching++)
            : Effect.fail(new TooManyWatchers({ limit: limits.watchers }))
        ),
        () => Effect.sync(() => void watching--)
      )

      const watch = Effect.fn("Events.watch")(function* (after: number | null) {
        yield* place
        const { kept, wake } = yield* RcRef.get(latest)
        const woken = yield* PubSub.subscribe(wake)
        const { newest, oldest } = yield* repo.range
        const missed =
          after === null || after < oldest || after > newest ? null : yield* repo.after(after, limits.window)
        const gone = after !== null && (missed === null || missed.length === limits.window)
        let at = missed === null || gone ? newest : (missed.at(-1)?.id ?? newest)
        const begin: ReadonlyArray<FeedMessage> = [
          { _tag: "hello", id: gone || after === null ? newest : after },
          ...(gone ? [{ _tag: "reset" as const, id: newest }] : (missed ?? []).map(change))
        ]
        const next = Effect.sync((): ReadonlyArray<FeedMessage> => {
          const behind = at < kept.after
          const fresh = kept.events.filter(({ id }) => id > at)
          at = Math.max(at, kept.events.at(-1)?.id ?? 0)
          return behind ? [{ _tag: "reset", id: at }] : fresh.map(change)
        })
        return Stream.fromIterable(begin).pipe(
          Stream.concat(
            Stream.fromSubscription(woken).pipe(
              Stream.mapEffect(() => next),
              Stream.flattenIterable
            )
          )
        )
      })

      return Events.of({ watch })
    })
  )
  static readonly layer = Events.layerNoDeps.pipe(Layer.provide(EventsRepo.layer))
}

const change = (event: Event): FeedMessage => ({ _tag: "change", event })
