import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { StreamEvent } from "../../src/api/EventsApi.ts"
import type { Event as Change, EventType } from "../../src/domain/Event.ts"
import { backoffMillis } from "../lib/backoff.ts"
import { connection } from "./connection.ts"
import { firstPage } from "./firstPage.ts"
import type { follow } from "./follow.ts"
import { session } from "./session.ts"

const minReconnectMillis = 250
const maxReconnectMillis = 15_000

const loadFollow = Effect.andThen(
  firstPage.whole,
  Effect.tryPromise(() => import("./follow.ts"))
)

export type FeedChange = Change | null

/** The service's event stream, for all listeners; replays events missed during a disconnection. Closed while the tab is hidden, and until the first page is whole. */
class Changes {
  /** Whether the stream is connected now. */
  open = false
  readonly #listeners = new Set<(change: FeedChange) => void>()
  #lastId: string | null = null
  #token: string | undefined
  #fiber: Fiber.Fiber<unknown> | undefined
  #follow: typeof follow | undefined

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

  #stream = Effect.fnUntraced({ self: this }, function* (this: Changes) {
    this.#follow ??= yield* loadFollow.pipe(
      Effect.map(({ follow }) => follow),
      Effect.orElseSucceed(() => undefined)
    )
    if (this.#follow !== undefined) yield* this.#follow(this.#lastId, this.#seen)
    const wasOpen = this.open
    this.open = false
    connection.report(this, session.current !== null)
    if (wasOpen) this.#notify(null)
    return wasOpen
  })

  readonly #seen = (change: StreamEvent) => {
    this.open = true
    connection.report(this, false)
    if (change.event === "ping") return
    const mayHaveMissed = change.event === "reset" || (change.event === "hello" && this.#lastId === null)
    this.#lastId = change.id
    if (change.event === "change") this.#notify(change.data)
    else if (mayHaveMissed) this.#notify(null)
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
