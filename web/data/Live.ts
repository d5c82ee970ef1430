import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import type { ReactiveController, ReactiveControllerHost } from "lit"
import type { Event as Change } from "../../src/domain/Event.ts"
import { backoffMillis } from "../lib/backoff.ts"
import { changes, type FeedChange } from "./changes.ts"
import { connection } from "./connection.ts"
import { asFailure, type Failure } from "./Failure.ts"
import { firstPage } from "./firstPage.ts"
import { session } from "./session.ts"

const lastSeen = new Map<string, unknown>()
session.addEventListener("change", () => lastSeen.clear())

// At least this between two loads of one value, or three times the duration of the last load.
const minSpacingMillis = 200
// The part of the spacing from a change to its load: the changes of one transaction are loaded once.
const gatherRatio = 1 / 8
const idleIntervalMillis = 60_000
const minRetryMillis = 5000
const maxRetryMillis = 15_000

export interface LiveOptions<A> {
  /** What is loaded; another key starts over. */
  readonly key: () => string
  readonly load: (signal: AbortSignal) => Promise<A>
  /** The changes after which it is loaded again. */
  readonly on: (change: Change) => boolean
  /** Between two loads, at least. */
  readonly spacingMillis?: number
}

/** Reloads a value when it changes on the service, and keeps the last one while the service is unreachable. Loads nothing while the tab is hidden. */
export class Live<A> implements ReactiveController {
  value: A | undefined
  failure: Failure | undefined
  readonly #host: ReactiveControllerHost
  readonly #options: LiveOptions<A>
  readonly #changed = Latch.makeUnsafe(false)
  #key = ""
  #fiber: Fiber.Fiber<void> | undefined
  #unsubscribe: (() => void) | undefined

  constructor(host: ReactiveControllerHost, options: LiveOptions<A>) {
    this.#host = host
    this.#options = options
    host.addController(this)
  }

  hostConnected() {
    document.addEventListener("visibilitychange", this.refresh)
    this.refresh()
    this.#unsubscribe = changes.subscribe(this.#change)
  }

  hostDisconnected() {
    document.removeEventListener("visibilitychange", this.refresh)
    this.#unsubscribe?.()
    this.#stop()
    firstPage.end(this)
  }

  hostUpdate() {
    if (this.#fiber !== undefined && this.#options.key() !== this.#key) this.refresh()
  }

  /** Loads now, and again after each change. */
  readonly refresh = () => {
    this.#stop()
    const key = this.#options.key()
    if (key !== this.#key) {
      this.#key = key
      this.value = lastSeen.get(key) as A | undefined
      this.failure = undefined
    }
    if (document.hidden || session.current === null) return
    if (this.value === undefined) firstPage.begin(this)
    this.#fiber = Effect.runFork(this.#loop(key))
  }

  /** Loads after an action, unless the event stream brings what it changed. */
  readonly refreshAfterAction = () => {
    if (!changes.open) this.refresh()
  }

  readonly #change = (change: FeedChange) => {
    if (change === null || this.#options.on(change)) this.#changed.openUnsafe()
  }

  #loop = Effect.fnUntraced({ self: this }, function* (this: Live<A>, key: string) {
    let failures = 0
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
      failures = failure === undefined ? 0 : failures + 1
      connection.report(this, failure?.kind === "unreachable")
      this.#host.requestUpdate()
      firstPage.end(this)
      const minSpacing = this.#options.spacingMillis ?? minSpacingMillis
      const spacing = Math.max(minSpacing, Duration.toMillis(took) * 3)
      yield* Effect.sleep(spacing)
      const interval =
        changes.open && failure === undefined
          ? idleIntervalMillis
          : backoffMillis(minRetryMillis, failures, maxRetryMillis)
      yield* this.#changed.await.pipe(Effect.timeoutOption(Math.max(0, interval - spacing)))
      yield* Effect.sleep(minSpacing * gatherRatio)
    }
  })

  #stop() {
    connection.report(this, false)
    if (this.#fiber !== undefined) Effect.runFork(Fiber.interrupt(this.#fiber))
    this.#fiber = undefined
  }
}
