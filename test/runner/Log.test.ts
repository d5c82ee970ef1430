import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { type Batch, makeLog, nextBatch, printable } from "../../src/runner/Log.ts"

const lines = (count: number, text: string) => Array.from({ length: count }, () => ({ line: text }))

describe("the next batch of a log", () => {
  it("holds one step and the lines after it", () => {
    const entries = [{ line: "a" }, { step: "agent" }, { line: "b" }, { line: "c" }, { step: "verify" }]
    assert.deepStrictEqual(nextBatch(entries), { lines: ["a"] })
    assert.deepStrictEqual(nextBatch(entries), { step: "agent", lines: ["b", "c"] })
    assert.deepStrictEqual(nextBatch(entries), { step: "verify", lines: [] })
    assert.isNull(nextBatch(entries))
  })

  it.each([
    ["short lines", 1000, "x", 200],
    ["long lines", 100, "x".repeat(2000), 14],
    ["lines that JSON makes longer", 100, "\u0001".repeat(2000), 2]
  ])("fits into a request: %s", (_, count, text, fitting) => {
    assert.lengthOf(nextBatch(lines(count, text))?.lines ?? [], fitting)
  })
})

describe("a log", () => {
  const sending = Effect.fnUntraced(function* (answer: "sent" | "ended" | "lost" = "sent") {
    const batches: Array<Batch> = []
    const printed: Array<string> = []
    const log = yield* makeLog(
      (text) => void printed.push(text),
      (batch) => Effect.sync(() => (batches.push(batch), answer))
    )
    return { batches, log, printed }
  })

  it.effect("sends at most 10 requests and 100 kB in each second", () =>
    Effect.gen(function* () {
      const { batches, log } = yield* sending()
      for (let index = 0; index < 1000; index += 1) log.line("y".repeat(1900))
      yield* TestClock.adjust("10 seconds")
      const bytes = batches.reduce((sum, batch) => sum + JSON.stringify(batch).length, 0)
      assert.isAtMost(batches.length, 100)
      assert.isAtLeast(batches.length, 20)
      assert.isAtMost(bytes, 1_000_000)
    }).pipe(Effect.scoped)
  )

  it.effect("hides secrets from what it prints, sends and keeps", () =>
    Effect.gen(function* () {
      const { batches, log, printed } = yield* sending()
      log.hide("a-long-secret", "short", null)
      log.line("the a-long-secret and a short one")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(printed, ["| the *** and a short one"])
      assert.deepStrictEqual(batches, [{ lines: ["the *** and a short one"] }])
      assert.deepStrictEqual(log.tail(5), ["the *** and a short one"])
    }).pipe(Effect.scoped)
  )

  it.effect("makes several lines of a text with line feeds", () =>
    Effect.gen(function* () {
      const { log, printed } = yield* sending()
      log.line("a\n::set-output name=b::c")
      assert.deepStrictEqual(printed, ["| a", "| ::set-output name=b::c"])
    }).pipe(Effect.scoped)
  )

  it.effect("is bounded, and says how much it leaves out", () =>
    Effect.gen(function* () {
      const { batches, log } = yield* sending()
      for (let index = 0; index < 5010; index += 1) log.line("z")
      yield* TestClock.adjust("1 minute")
      const sent = batches.flatMap((batch) => batch.lines)
      assert.lengthOf(sent, 5001)
      assert.strictEqual(sent.at(-1), "[10 lines were left out here]")
    }).pipe(Effect.scoped)
  )

  it.effect("knows when the service says that the dispatch has ended", () =>
    Effect.gen(function* () {
      const { log } = yield* sending("ended")
      log.line("x")
      yield* TestClock.adjust("1 second")
      yield* log.ended
    }).pipe(Effect.scoped)
  )

  it.each(["::set-output name=a::b", "##[error]b", "  ::add-mask::x"])(
    "prints %s so that GitHub's runner does not obey it",
    (text) => {
      assert.notMatch(printable(text), /^\s*::|##\[/)
    }
  )
})
