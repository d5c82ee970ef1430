import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { EventsApi } from "../../src/api/EventsApi.ts"
import type { Event as Change, EventType } from "../../src/domain/Event.ts"
import { backoffMillis } from "../lib/backoff.ts"
import { callsOf } from "./client.ts"
import { connection } from "./connection.ts"
import { session } from "./session.ts"

const call = callsOf(EventsApi)

const silenceTimeout = "40 seconds"
const minReconnectMillis = 250
const maxReconnectMillis = 15_000

export type FeedChange = Change | null

/** The service's event stream, for all listeners; replays events missed during a disconnection. Closed while the tab is hidden. */
class Changes {
  /** Whether the stream is connected now. */
  open = false
  readonly #listeners = new Set<(change: FeedChange) => void>()
  #lastId: string | null = null
  #token: string | undefined
  #fiber: Fiber.Fiber<unknown> | undefined

  constructor() {
    document.addEventListener("visibilitychange", this.#update)
    session.addEventListener("change", this.#update)
  }

  subscribe(listener: (change: FeedChange) => void) {
    this.#listeners.add(listener)
    this.#update()
    return () => {
      this.#listeners.delete(listener)
      this.#update()
    }
  }

  readonly #update = () => {
    const token = session.current?.token
    const wanted = token !== undefined && this.#listeners.size > 0 && !document.hidden
    if (wanted && this.#fiber !== undefined && token === this.#token) return
    if (token !== this.#token) this.#lastId = null
    this.#token = token
    if (this.#fiber !== undefined) Effect.runFork(Fiber.interrupt(this.#fiber))
    this.#fiber = wanted ? Effect.runFork(this.#connection()) : undefined
    this.open = false
    connection.report(this, false)
  }

  #connection = Effect.fnUntraced({ self: this }, function* (this: Changes) {
    let failures = 0
    while (session.current !== null) {
      const wasOpen = yield* this.#stream()
      failures = wasOpen ? 0 : failures + 1
      yield* Effect.sleep(backoffMillis(minReconnectMillis, failures, maxReconnectMillis))
    }
  })

  #stream() {
    const headers = this.#lastId === null ? {} : { "last-event-id": Number(this.#lastId) }
    return call((api) => api.stream({ headers })).pipe(
      Effect.flatMap((stream) =>
        stream.pipe(
          Stream.timeout(silenceTimeout),
          Stream.runForEach((change) =>
            Effect.sync(() => {
              this.open = true
              connection.report(this, false)
              if (change.event === "ping") return
              const mayHaveMissed =
                change.event === "reset" || (change.event === "hello" && this.#lastId === null)
              this.#lastId = change.id
              if (change.event === "change") this.#notify(change.data)
              else if (mayHaveMissed) this.#notify(null)
            })
          )
        )
      ),
      Effect.ignoreCause,
      Effect.andThen(() => {
        const wasOpen = this.open
        this.open = false
        connection.report(this, session.current !== null)
        if (wasOpen) this.#notify(null)
        return Effect.succeed(wasOpen)
      })
    )
  }

  #notify(change: FeedChange) {
    for (const listener of this.#listeners) {
      try {
        listener(change)
      } catch (thrown) {
        Effect.runFork(Effect.logError("A listener of changes failed", thrown))
      }
    }
  }
}

export const changes = new Changes()

export const about =
  (...types: ReadonlyArray<EventType>) =>
  ({ type }: Change) =>
    types.includes(type)
