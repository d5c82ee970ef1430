import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { EventsApi, type StreamEvent } from "../../src/api/EventsApi.ts"
import { callsOf } from "./client.ts"

const call = callsOf(EventsApi)

const silenceTimeout = "40 seconds"

/** Reads the event stream until it ends, or is silent for too long. */
export const follow = (lastId: string | null, seen: (event: StreamEvent) => void) =>
  call((api) => api.stream({ headers: lastId === null ? {} : { "last-event-id": Number(lastId) } })).pipe(
    Effect.flatMap((stream) =>
      stream.pipe(
        Stream.timeout(silenceTimeout),
        Stream.runForEach((event) => Effect.sync(() => seen(event)))
      )
    ),
    Effect.ignoreCause
  )
