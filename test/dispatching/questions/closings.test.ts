import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as TestClock from "effect/testing/TestClock"
import { makeClosings } from "../../../src/dispatching/questions/closings.ts"
import { Signals } from "../../../src/platform/Signals.ts"

/** Waits on a table of closed questions that counts its reads. */
const begin = Effect.gen(function* () {
  const queue = yield* Queue.sliding<void>(1)
  const closed = new Set<string>()
  const reads: Array<number> = []
  const onClose = yield* makeClosings((ids) =>
    Effect.sync(() => {
      reads.push(ids.length)
      return ids.filter((id) => closed.has(id))
    })
  ).pipe(
    Effect.provideService(
      Signals,
      Signals.of({
        notify: () => Effect.die("unexpected notify"),
        subscribe: (name) =>
          name === "questions" ? Effect.succeed(Queue.take(queue)) : Effect.die(`unexpected ${name}`)
      })
    )
  )
  const wait = (id: string) => Effect.forkChild(Effect.scoped(Effect.flatten(onClose(id))))
  const notify = Queue.offer(queue, undefined)
  const signal = Effect.andThen(notify, TestClock.adjust("100 millis"))
  return { closed, notify, reads, signal, wait }
})

describe("the waits for answers", () => {
  it.effect("400 waits share one query for each signal and each poll", () =>
    Effect.gen(function* () {
      const { closed, reads, signal, wait } = yield* begin
      const waits = yield* Effect.forEach(Array.from({ length: 400 }), (_, index) => wait(`q-${index}`))
      yield* TestClock.adjust("60 seconds")
      assert.deepStrictEqual(reads, [400, 400, 400, 400])
      closed.add("q-7")
      yield* signal
      assert.deepStrictEqual(reads.slice(4), [400])
      assert.deepStrictEqual(
        waits.flatMap((fiber, index) => (fiber.pollUnsafe() === undefined ? [] : [index])),
        [7]
      )
      yield* signal
      assert.deepStrictEqual(reads.slice(5), [399])
    })
  )

  it.effect("a burst of signals is one query, and the next one comes 100 ms later", () =>
    Effect.gen(function* () {
      const { notify, reads, wait } = yield* begin
      yield* wait("q")
      yield* TestClock.adjust("100 millis")
      yield* notify
      yield* TestClock.adjust("1 millis")
      assert.lengthOf(reads, 1)
      for (let times = 0; times < 10; times++) yield* notify
      yield* TestClock.adjust("98 millis")
      assert.lengthOf(reads, 1)
      yield* TestClock.adjust("5 seconds")
      assert.lengthOf(reads, 2)
    })
  )

  it.effect("a close without a signal is noticed by the next poll", () =>
    Effect.gen(function* () {
      const { closed, wait } = yield* begin
      const [upper, other] = [yield* wait("ABC"), yield* wait("other")]
      closed.add("abc")
      yield* TestClock.adjust("15 seconds")
      yield* Fiber.join(upper)
      assert.isUndefined(other.pollUnsafe())
    })
  )

  it.effect("no query is made while nothing waits", () =>
    Effect.gen(function* () {
      const { reads, signal, wait } = yield* begin
      yield* Effect.flatMap(wait("q"), Fiber.interrupt)
      yield* signal
      yield* TestClock.adjust("10 minutes")
      assert.lengthOf(reads, 0)
    })
  )
})
