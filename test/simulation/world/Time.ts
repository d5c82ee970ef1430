import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { Scheduler } from "effect/Scheduler"
import type { Chance } from "./Chance.ts"

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
  cancelled: boolean
}

const before = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.order < b.order)

// Digests of the workflow engine resolve within so many turns of the microtask queue.
const microtasks = 12

/** Time that passes when nothing is left to do at its present instant. What is ready runs in an order drawn by chance. */
export class Time implements Scheduler, Clock.Clock {
  readonly executionMode = "async"
  readonly #chance: Chance
  readonly #ready: Array<() => void> = []
  readonly #timers: Array<Timer> = []
  #order = 0
  #pendingPromises = 0
  now: number
  turns = 0

  constructor(chance: Chance, start: number) {
    this.#chance = chance
    this.now = start
  }

  shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    return fiber.currentOpCount >= 2048
  }

  makeDispatcher() {
    return { scheduleTask: (task: () => void) => void this.#ready.push(task), flush: () => {} }
  }

  currentTimeMillisUnsafe(): number {
    return this.now
  }
  readonly currentTimeMillis = Effect.sync(() => this.now)
  currentTimeNanosUnsafe(): bigint {
    return BigInt(this.now) * 1_000_000n
  }
  readonly currentTimeNanos = Effect.sync(() => this.currentTimeNanosUnsafe())
  monotonicTimeNanosUnsafe(): bigint {
    return this.currentTimeNanosUnsafe()
  }
  readonly monotonicTimeNanos = this.currentTimeNanos

  sleep(duration: Duration.Duration): Effect.Effect<void> {
    const millis = Duration.toMillis(duration)
    if (!Number.isFinite(millis)) return Effect.never
    return Effect.callback((resume) => {
      const timer = this.after(millis, () => resume(Effect.void))
      return Effect.sync(timer)
    })
  }

  /** Calls `run` after so many milliseconds; returns what cancels it. */
  after(millis: number, run: () => void): () => void {
    const timer: Timer = {
      at: this.now + Math.max(0, Math.ceil(millis)),
      order: this.#order++,
      run,
      cancelled: false
    }
    const heap = this.#timers
    let index = heap.push(timer) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const other = heap[parent] as Timer
      if (!before(timer, other)) break
      heap[index] = other
      index = parent
    }
    heap[index] = timer
    return () => {
      timer.cancelled = true
    }
  }

  /** A digest that is there within `microtasks`. */
  readonly promised = <A>(value: A): Promise<A> => {
    this.#pendingPromises++
    return Promise.resolve(value)
  }

  #earliest(): Timer | null {
    const heap = this.#timers
    for (;;) {
      const first = heap[0]
      const last = heap.pop()
      if (first === undefined || last === undefined) return null
      if (heap.length > 0) {
        let index = 0
        for (;;) {
          let child = 2 * index + 1
          if (child >= heap.length) break
          if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child++
          if (!before(heap[child] as Timer, last)) break
          heap[index] = heap[child] as Timer
          index = child
        }
        heap[index] = last
      }
      if (!first.cancelled) return first
    }
  }

  /** Runs until `done`, or until nothing is left to happen, which is false. */
  async run(done: () => boolean): Promise<boolean> {
    const ready = this.#ready
    while (!done()) {
      if (this.#pendingPromises > 0) {
        this.#pendingPromises = 0
        for (let turn = 0; turn < microtasks; turn++) await Promise.resolve()
        continue
      }
      if (ready.length > 0) {
        const index = ready.length === 1 ? 0 : this.#chance.int(ready.length)
        const task = ready[index] as () => void
        const last = ready.pop() as () => void
        if (index < ready.length) ready[index] = last
        this.turns++
        task()
        continue
      }
      const timer = this.#earliest()
      if (timer === null) return false
      this.now = timer.at
      timer.run()
    }
    return true
  }
}
