import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"

const onFly = { fly: {}, mapping: { executionMode: "fly-machines" } } as const

describe("a dispatch on a Fly Machine", () => {
  it.live("goes from the label to a pull request, and its machine is destroyed", () =>
    Effect.gen(function* () {
      const { comments, deliver, dispatched, events, github, issue, labels, machinesOf, settled } =
        yield* start(onFly)
      const identifier = issue()
      const running = yield* dispatched(identifier)
      const [machine, ...others] = machinesOf(running)
      assert.deepStrictEqual(others, [])
      assert.deepInclude(running.run, { kind: "fly", app: "sessions", machineId: machine?.id })
      assert.lengthOf(github.runs(), 0)
      yield* eventually(
        "the run label is on",
        Effect.sync(() => labels(identifier)),
        (worn) => worn.includes("AI-Working")
      )
      const pull = yield* deliver(running)
      const done = yield* settled(identifier)
      assert.deepStrictEqual([done.status, done.pullRequest?.number], ["succeeded", pull.number])
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement", "Ready for Review"])
      assert.lengthOf(comments(identifier), 1)
      assert.include(yield* events(done.id), "machine_done")
      assert.include(["destroying", "destroyed"], machine?.state)
    })
  )
})
