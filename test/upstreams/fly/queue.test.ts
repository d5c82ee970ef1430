import { assert, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { CreateSpacing, makeQueue } from "../../../src/upstreams/fly/queue.ts"

const turns = Effect.fnUntraced(function* (spacing: Duration.Duration | null, apps: ReadonlyArray<string>) {
  const turn = yield* Effect.provideService(makeQueue, CreateSpacing, spacing)
  const done: Array<string> = []
  yield* Effect.forkChild(
    Effect.forEach(apps, (app) => Effect.tap(turn(app), () => Effect.sync(() => void done.push(app))), {
      concurrency: "unbounded"
    })
  )
  return { done, turn }
})

it.effect("creates of one app wait for each other, one a second; another app does not wait for them", () =>
  Effect.gen(function* () {
    const { done, turn } = yield* turns(Duration.seconds(1), ["a", "a", "a", "b"])
    yield* TestClock.adjust("0 seconds")
    assert.deepStrictEqual(done, ["a", "b"])
    yield* TestClock.adjust("999 millis")
    assert.lengthOf(done, 2)
    yield* TestClock.adjust("1 millis")
    assert.lengthOf(done, 3)
    yield* TestClock.adjust("1 second")
    assert.deepStrictEqual(done, ["a", "b", "a", "a"])
    yield* TestClock.adjust("10 seconds")
    yield* turn("a")
  })
)

it.effect("a limiter that is turned off delays no call", () =>
  Effect.gen(function* () {
    const { done } = yield* turns(
      null,
      Array.from({ length: 50 }, () => "a")
    )
    yield* TestClock.adjust("0 seconds")
    assert.lengthOf(done, 50)
  })
)
