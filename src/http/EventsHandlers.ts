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
import { failWithRetryAfter } from "./ErrorResponses.ts"
import { Caller } from "./middleware/Caller.ts"
import { Shutdown } from "./Shutdown.ts"

const pingInterval = "15 seconds"
const tokenCheckInterval = "5 seconds"
const retryAfterSeconds = 30

const tooManyWatchers = ({ limit }: TooManyWatchers) =>
  failWithRetryAfter(
    new TooManyStreams({
      error: `${limit} clients follow the events already. Close one or try again in ${retryAfterSeconds} s.`,
      retryAfter: retryAfterSeconds
    })
  )

const toStreamEvent = (message: FeedMessage): StreamEvent =>
  message._tag === "change"
    ? { id: String(message.event.id), event: "change", data: message.event }
    : { id: String(message.id), event: message._tag, data: {} }

const pings = Stream.tick(pingInterval).pipe(
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
        Effect.catchCause((cause) =>
          Effect.as(
            Effect.logWarning("The token of an event stream could not be checked; it stays open", cause),
            false
          )
        ),
        Effect.repeat({ schedule: Schedule.spaced(tokenCheckInterval), until: (ended) => ended })
      )

    return handlers.handle(
      "stream",
      Effect.fn(
        function* ({ headers }) {
          const { token } = yield* Caller
          const messages = yield* events.watch(headers["last-event-id"] ?? null)
          const ended = Effect.raceFirst(Deferred.await(shutdown.begun), signedOut(token ?? ""))
          return messages.pipe(Stream.map(toStreamEvent), Stream.merge(pings), Stream.interruptWhen(ended))
        },
        Effect.catchTags({ TooManyWatchers: tooManyWatchers })
      )
    )
  })
)
