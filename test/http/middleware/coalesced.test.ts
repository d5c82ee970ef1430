import { assert, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"
import { Timestamp } from "../../../src/domain/Text.ts"
import { coalesced } from "../../../src/http/middleware/coalesced.ts"

const Row = Schema.Struct({ reading: Schema.Int, at: Timestamp })

const at = DateTime.makeUnsafe("2026-11-23T10:00:00.000Z")

const bodyOf = (answer: HttpServerResponse.HttpServerResponse) =>
  Effect.promise(() => HttpServerResponse.toWeb(answer).json())

/** Each reading waits for its gate, and gives its number. */
const gated = Effect.gen(function* () {
  const gates = [yield* Deferred.make<void>(), yield* Deferred.make<void>(), yield* Deferred.make<void>()]
  const begun: Array<string> = []
  const ask = coalesced(
    Row,
    Effect.fnUntraced(function* (query: string) {
      const reading = begun.push(query)
      const gate = gates[reading - 1]
      if (gate !== undefined) yield* Deferred.await(gate)
      return { value: { reading, at } }
    })
  )
  const asked = Effect.fnUntraced(function* (query: string) {
    const fiber = yield* Effect.forkChild(Effect.flatMap(ask(query), bodyOf))
    yield* Effect.yieldNow
    yield* Effect.yieldNow
    return fiber
  })
  const open = (reading: number) =>
    Effect.forEach(gates.slice(reading - 1, reading), (gate) => Deferred.succeed(gate, undefined))
  return { asked, begun, open }
})

it.effect("A request during a read gets the next read, shared with the other waiting requests", () =>
  Effect.gen(function* () {
    const { asked, begun, open } = yield* gated
    const first = yield* asked("a")
    const second = yield* asked("a")
    const late = [yield* asked("a"), yield* asked("a"), yield* asked("a")]
    assert.deepStrictEqual(begun, ["a", "a"])
    for (const reading of [1, 2, 3]) yield* open(reading)
    const answers = yield* Effect.forEach([first, second, ...late], Fiber.join)
    assert.deepStrictEqual(
      answers,
      [1, 2, 3, 3, 3].map((reading) => ({ reading, at: "2026-11-23T10:00:00.000Z" }))
    )
  })
)

it.effect("Different questions do not share an answer", () =>
  Effect.gen(function* () {
    const { asked, begun, open } = yield* gated
    const fibers = [yield* asked("a"), yield* asked("b"), yield* asked("c")]
    for (const reading of [1, 2, 3]) yield* open(reading)
    yield* Effect.forEach(fibers, Fiber.join)
    assert.deepStrictEqual(begun, ["a", "b", "c"])
  })
)

it.effect("A client that stops waiting does not cancel the answer for others", () =>
  Effect.gen(function* () {
    const { asked, open } = yield* gated
    yield* asked("a")
    yield* asked("a")
    const impatient = yield* asked("a")
    const patient = yield* asked("a")
    yield* Fiber.interrupt(impatient)
    for (const reading of [1, 2, 3]) yield* open(reading)
    assert.deepStrictEqual(yield* Fiber.join(patient), { reading: 3, at: "2026-11-23T10:00:00.000Z" })
  })
)
