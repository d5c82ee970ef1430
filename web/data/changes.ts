import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { EventsApi } from "../../src/api/EventsApi.ts"
import type { Event as Change, EventType } from "../../src/domain/Event.ts"
import { callsOf } from "./client.ts"
import { connection } from "./connection.ts"
import { session } from "./session.ts"

const call = callsOf(EventsApi)

const silence = "40 seconds"
const firstWait = 250
const maxWait = 15_000

/** What was told: a change, or (null) that anything may have changed. */
export type FeedChange = Change | null

/** Everything that changes on the service, as it changes; what was missed is told after a break. Rests while hidden. */
class Changes {
  /** Whether the stream stands now. */
  open = false
  readonly #listeners = new Set<(change: FeedChange) => void>()
  #lastId: string | null = null
  #token: string | undefined
  #fiber: Fiber.Fiber<void> | undefined

  constructor() {
    document.addEventListener("visibilitychange", this.#turn)
    session.addEventListener("change", this.#turn)
  }

  /** Listens until the answer is called. */
  follow(listener: (change: FeedChange) => void) {
    this.#listeners.add(listener)
    this.#turn()
    return () => {
      this.#listeners.delete(listener)
      this.#turn()
    }
  }

  readonly #turn = () => {
    const token = session.current?.token
    const wanted = token !== undefined && this.#listeners.size > 0 && !document.hidden
    if (wanted && this.#fiber !== undefined && token === this.#token) return
    if (token !== this.#token) this.#lastId = null
    this.#token = token
    if (this.#fiber !== undefined) Effect.runFork(Fiber.interrupt(this.#fiber))
    this.#fiber = wanted ? Effect.runFork(this.#loop()) : undefined
    this.open = false
    connection.report(this, false)
  }

  #loop = Effect.fnUntraced({ self: this }, function* (this: Changes) {
    let wait = firstWait
    while (session.current !== null) {
      const headers = this.#lastId === null ? {} : { "last-event-id": Number(this.#lastId) }
      yield* call((api) => api.stream({ headers })).pipe(
        Effect.flatMap((stream) =>
          stream.pipe(
            Stream.timeout(silence),
            Stream.runForEach((change) =>
              Effect.sync(() => {
                wait = firstWait
                this.open = true
                connection.report(this, false)
                if (change.event === "ping") return
                const anything =
                  change.event === "reset" || (change.event === "hello" && this.#lastId === null)
                this.#lastId = change.id
                if (change.event === "change") this.#tell(change.data)
                else if (anything) this.#tell(null)
              })
            )
          )
        ),
        Effect.ignoreCause
      )
      const stood = this.open
      this.open = false
      connection.report(this, session.current !== null)
      if (stood) this.#tell(null)
      yield* Effect.sleep(wait)
      wait = Math.min(wait * 2, maxWait)
    }
  })

  #tell(change: FeedChange) {
    for (const listener of this.#listeners) listener(change)
  }
}

export const changes = new Changes()

/** Whether a change is of one of these kinds. */
export const about =
  (...types: ReadonlyArray<EventType>) =>
  ({ type }: Change) =>
    types.includes(type)
