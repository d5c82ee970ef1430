import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { ReactiveController, ReactiveControllerHost } from "lit"
import { connection } from "./connection.ts"
import { asFailure, type Failure } from "./Failure.ts"
import { session } from "./session.ts"

const lastSeen = new Map<string, unknown>()
session.addEventListener("change", () => lastSeen.clear())

const interval = 2000
const longestInterval = 15_000

export interface PollingOptions<A> {
  /** What is asked for; another key starts over. */
  readonly key: () => string
  readonly load: (signal: AbortSignal) => Promise<A>
}

/** Keeps a value fresh every 2 s while the tab is seen; keeps the last one while the service is away. */
export class Polling<A> implements ReactiveController {
  value: A | undefined
  failure: Failure | undefined
  readonly #host: ReactiveControllerHost
  readonly #options: PollingOptions<A>
  #key = ""
  #fiber: Fiber.Fiber<void> | undefined

  constructor(host: ReactiveControllerHost, options: PollingOptions<A>) {
    this.#host = host
    this.#options = options
    host.addController(this)
  }

  hostConnected() {
    document.addEventListener("visibilitychange", this.refresh)
    this.refresh()
  }

  hostDisconnected() {
    document.removeEventListener("visibilitychange", this.refresh)
    this.#stop()
  }

  hostUpdate() {
    if (this.#fiber !== undefined && this.#options.key() !== this.#key) this.refresh()
  }

  /** Loads now and every 2 s from then on; rests while the tab is hidden. */
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

  #loop = Effect.fnUntraced({ self: this }, function* (this: Polling<A>, key: string) {
    let wait = interval
    while (session.current !== null) {
      yield* Effect.tryPromise({
        try: (signal) => this.#options.load(signal),
        catch: asFailure
      }).pipe(
        Effect.match({
          onSuccess: (value) => {
            this.value = value
            this.failure = undefined
            lastSeen.set(key, value)
            wait = interval
          },
          onFailure: (error) => {
            this.failure = error
            wait = Math.min(wait * 2, longestInterval)
          }
        })
      )
      connection.report(this, this.failure?.kind === "unreachable")
      this.#host.requestUpdate()
      yield* Effect.sleep(wait)
    }
  })

  #stop() {
    connection.report(this, false)
    if (this.#fiber !== undefined) Effect.runFork(Fiber.interrupt(this.#fiber))
    this.#fiber = undefined
  }
}
