import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { ReactiveController, ReactiveControllerHost } from "lit"

const tickers = new Set<Ticker>()
let fiber: Fiber.Fiber<never> | undefined

const everySecond = Effect.forever(
  Effect.andThen(
    Effect.sleep(1000),
    Effect.sync(() => {
      if (document.hidden) return
      for (const ticker of tickers) ticker.tick()
    })
  )
)

/** Updates its host every second, one clock for the page, and only when `text` would change. */
export class Ticker implements ReactiveController {
  now = DateTime.nowUnsafe()
  readonly #host: ReactiveControllerHost
  readonly #text: (now: DateTime.Utc) => string
  #shown = ""

  constructor(host: ReactiveControllerHost, text: (now: DateTime.Utc) => string) {
    this.#host = host
    this.#text = text
    host.addController(this)
  }

  hostConnected() {
    tickers.add(this)
    fiber ??= Effect.runFork(everySecond)
  }

  hostDisconnected() {
    tickers.delete(this)
    if (tickers.size > 0 || fiber === undefined) return
    Effect.runFork(Fiber.interrupt(fiber))
    fiber = undefined
  }

  hostUpdate() {
    this.now = DateTime.nowUnsafe()
    this.#shown = this.#text(this.now)
  }

  tick() {
    if (this.#text(DateTime.nowUnsafe()) !== this.#shown) this.#host.requestUpdate()
  }
}
