import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { Authentication } from "../admin/Authentication.ts"
import { Api } from "../api/Api.ts"
import { TooManyStreams } from "../api/Errors.ts"
import type { StreamEvent } from "../api/EventsApi.ts"
import { Events, type FeedMessage, type TooManyWatchers } from "../messaging/Events.ts"
import { byTag } from "./middleware/answer.ts"
import { Caller } from "./middleware/Caller.ts"
import { Shutdown } from "./Shutdown.ts"

const heartbeat = "15 seconds"
const checkEvery = "5 seconds"
const retryAfter = 30

const refusal = byTag({
  TooManyWatchers: ({ limit }: TooManyWatchers) =>
    new TooManyStreams({
      error: `${limit} clients follow the events already. Close one or try again in ${retryAfter} s.`,
      retryAfter
    })
})

const shown = (told: FeedMessage): StreamEvent =>
  told._tag === "change"
    ? { id: String(told.event.id), event: "change", data: told.event }
    : { id: String(told.id), event: told._tag, data: {} }

const pings = Stream.tick(heartbeat).pipe(
  Stream.drop(1),
  Stream.map((): StreamEvent => ({ event: "ping", data: {} }))
)

export const layer = HttpApiBuilder.group(
  Api,
  "events",
  Effect.fn(function* (handlers) {
    const authentication = yield* Authentication
    const events = yield* Events
    const shutdown = yield* Shutdown

    const signedOut = (token: string) =>
      authentication.verify(token).pipe(
        Effect.map((admin) => admin === null),
        Effect.catchCause(() => Effect.succeed(false)),
        Effect.repeat({ schedule: Schedule.spaced(checkEvery), until: (over) => over })
      )

    return handlers.handle(
      "stream",
      Effect.fn(function* ({ headers }) {
        const { token } = yield* Caller
        const told = yield* events.watch(headers["last-event-id"] ?? null)
        const over = Effect.raceFirst(Deferred.await(shutdown.begun), signedOut(token ?? ""))
        return told.pipe(Stream.map(shown), Stream.merge(pings), Stream.interruptWhen(over))
      }, Effect.catch(refusal))
    )
  })
)
