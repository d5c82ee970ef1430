import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import type { ReactiveController, ReactiveControllerHost } from "lit"
import type { Event as Change } from "../../src/domain/Event.ts"
import { changes, type FeedChange } from "./changes.ts"
import { connection } from "./connection.ts"
import { asFailure, type Failure } from "./Failure.ts"
import { session } from "./session.ts"

const lastSeen = new Map<string, unknown>()
session.addEventListener("change", () => lastSeen.clear())

/** Between two loads of one value, at least; three times as long as loading took, when that is more. */
const spacing = 200
/** Without a change: while changes are told, and while they are not. */
const rest = 60_000
const blindRest = 5000
const maxWait = 15_000

export interface LiveOptions<A> {
  /** What is asked for; another key starts over. */
  readonly key: () => string
  readonly load: (signal: AbortSignal) => Promise<A>
  /** The changes after which it is loaded again. */
  readonly on: (change: Change) => boolean
}

/** Keeps a value fresh as it changes on the service; keeps the last one while that is away. Rests while hidden. */
export class Live<A> implements ReactiveController {
  value: A | undefined
  failure: Failure | undefined
  readonly #host: ReactiveControllerHost
  readonly #options: LiveOptions<A>
  readonly #changed = Latch.makeUnsafe(false)
  #key = ""
  #fiber: Fiber.Fiber<void> | undefined
  #unfollow: (() => void) | undefined

  constructor(host: ReactiveControllerHost, options: LiveOptions<A>) {
    this.#host = host
    this.#options = options
    host.addController(this)
  }

  hostConnected() {
    document.addEventListener("visibilitychange", this.refresh)
    this.#unfollow = changes.follow(this.#change)
    this.refresh()
  }

  hostDisconnected() {
    document.removeEventListener("visibilitychange", this.refresh)
    this.#unfollow?.()
    this.#stop()
  }

  hostUpdate() {
    if (this.#fiber !== undefined && this.#options.key() !== this.#key) this.refresh()
  }

  /** Loads now, and from then on whenever it changes. */
  readonly refresh = () => {
    this.#stop()
    const key = this.#options.key()
    if (key !== this.#key) {
      this.#key = key
      this.value = lastSeen.get(key) as A | undefined
      this.failure = undefined
    }
    if (document.hidden) return
    this.#fiber = Effect.runFork(this.#loop(key))
  }

  readonly #change = (change: FeedChange) => {
    if (change === null || this.#options.on(change)) this.#changed.openUnsafe()
  }

  #loop = Effect.fnUntraced({ self: this }, function* (this: Live<A>, key: string) {
    let wait = blindRest
    while (session.current !== null) {
      this.#changed.closeUnsafe()
      const [took, failure] = yield* Effect.tryPromise({
        try: (signal) => this.#options.load(signal),
        catch: asFailure
      }).pipe(
        Effect.match({
          onSuccess: (value) => {
            this.value = value
            lastSeen.set(key, value)
            return undefined
          },
          onFailure: (error) => error
        }),
        Effect.timed
      )
      this.failure = failure
      wait = failure === undefined ? blindRest : Math.min(wait * 1.5, maxWait)
      connection.report(this, failure?.kind === "unreachable")
      this.#host.requestUpdate()
      const first = Math.max(spacing, Duration.toMillis(took) * 3)
      yield* Effect.sleep(first)
      const longest = changes.open && failure === undefined ? rest : Math.max(0, wait - first)
      yield* this.#changed.await.pipe(Effect.timeoutOption(longest))
    }
  })

  #stop() {
    connection.report(this, false)
    if (this.#fiber !== undefined) Effect.runFork(Fiber.interrupt(this.#fiber))
    this.#fiber = undefined
  }
}
