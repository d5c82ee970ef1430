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

/** The maximum number of watchers is reached. */
export class TooManyWatchers extends Schema.TaggedError<TooManyWatchers>()("TooManyWatchers", {
  limit: Schema.Int
}) {}

/** `hello` opens the feed, `change` carries an event, `reset` says that events were missed: reload everything. */
export type FeedMessage =
  | { readonly _tag: "hello"; readonly id: number }
  | { readonly _tag: "reset"; readonly id: number }
  | { readonly _tag: "change"; readonly event: Event }

/** Events buffered for slow or returning watchers, and watchers of one process. */
export const EventLimits = Context.Reference<{
  readonly maxBuffered: number
  readonly maxWatchers: number
}>("ai-implement/EventLimits", { defaultValue: () => ({ maxBuffered: 1000, maxWatchers: 100 }) })

const batchInterval = "50 millis"

/** The feed of changes, in the order of their commits. */
export class Events extends Context.Service<
  Events,
  {
    /** Streams events after the given id, or from now on. Counts as a watcher until the scope closes. */
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
      let watchers = 0

      const latest = yield* RcRef.make({
        acquire: Effect.gen(function* () {
          const changed = yield* PubSub.sliding<void>({ capacity: 1, replay: 1 })
          const start = (yield* repo.range).newest
          const buffer = { after: start, events: [] as ReadonlyArray<Event> }
          const read = Effect.gen(function* () {
            while (true) {
              const more = yield* repo.after(buffer.events.at(-1)?.id ?? buffer.after, limits.maxBuffered)
              if (more.length === 0) return
              const all = [...buffer.events, ...more]
              buffer.after = all.at(-limits.maxBuffered - 1)?.id ?? buffer.after
              buffer.events = all.slice(-limits.maxBuffered)
              yield* PubSub.publish(changed, undefined)
            }
          })
          yield* pg.listen(eventsChannel).pipe(
            Effect.tap(() => read),
            Effect.flatMap((notified) =>
              Queue.takeAll(notified).pipe(Effect.andThen(read), Effect.delay(batchInterval), Effect.forever)
            ),
            Effect.scoped,
            Effect.sandbox,
            Effect.tapError((cause) =>
              Effect.logWarning("The event feed lost its database connection and reconnects", cause)
            ),
            Effect.retry(Schedule.spaced("1 second")),
            Effect.forkScoped
          )
          return { buffer, changed }
        }),
        idleTimeToLive: "1 minute"
      })

      const registered = Effect.acquireRelease(
        Effect.suspend(() =>
          watchers < limits.maxWatchers
            ? Effect.sync(() => void watchers++)
            : Effect.fail(new TooManyWatchers({ limit: limits.maxWatchers }))
        ),
        () => Effect.sync(() => void watchers--)
      )

      const watch = Effect.fn("Events.watch")(function* (after: number | null) {
        yield* registered
        const { buffer, changed } = yield* RcRef.get(latest)
        const signals = yield* PubSub.subscribe(changed)
        const { newest, oldest } = yield* repo.range
        const missed =
          after === null || after < oldest || after > newest
            ? null
            : yield* repo.after(after, limits.maxBuffered)
        const gone = after !== null && (missed === null || missed.length === limits.maxBuffered)
        let at = missed === null || gone ? newest : (missed.at(-1)?.id ?? newest)
        const begin: ReadonlyArray<FeedMessage> = [
          { _tag: "hello", id: gone || after === null ? newest : after },
          ...(gone ? [{ _tag: "reset" as const, id: newest }] : (missed ?? []).map(change))
        ]
        const next = Effect.sync((): ReadonlyArray<FeedMessage> => {
          const behind = at < buffer.after
          const fresh = buffer.events.filter(({ id }) => id > at)
          at = Math.max(at, buffer.events.at(-1)?.id ?? 0)
          return behind ? [{ _tag: "reset", id: at }] : fresh.map(change)
        })
        return Stream.fromIterable(begin).pipe(
          Stream.concat(
            Stream.fromSubscription(signals).pipe(
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
