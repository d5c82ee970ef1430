import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"

const pause = "500 millis"

/** Knows when the first page is whole: what it does not need is loaded after that. */
class FirstPage {
  readonly #parts = new Set<object>()
  readonly #ended = Latch.makeUnsafe(true)
  readonly whole = Effect.andThen(this.#ended.await, Effect.sleep(pause))

  /** A part of it begins to load. */
  begin(part: object) {
    this.#parts.add(part)
    this.#ended.closeUnsafe()
  }

  end(part: object) {
    if (this.#parts.delete(part) && this.#parts.size === 0) this.#ended.openUnsafe()
  }

  /** Loads it once the page is whole; what cannot be loaded is missing. */
  afterwards(load: () => Promise<unknown>) {
    Effect.runFork(Effect.andThen(this.whole, Effect.ignore(Effect.tryPromise(load))))
  }
}

export const firstPage = new FirstPage()
