import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"

describe("the life of a dispatch", () => {
  it.live("goes from the label to a pull request, and the issue shows every step", () =>
    Effect.gen(function* () {
      const { attempts, comments, deliver, dispatched, events, issue, labels, linear, settled } =
        yield* start()
      const identifier = issue()
      const running = yield* dispatched(identifier)
      yield* eventually(
        "the run label is on",
        Effect.sync(() => labels(identifier)),
        (worn) => worn.includes("AI-Working")
      )
      assert.strictEqual(linear.issueByIdentifier(identifier)?.state.name, "In Progress")
      assert.deepStrictEqual(comments(identifier), [])

      const pull = yield* deliver(running)
      const done = yield* settled(identifier)
      assert.strictEqual(done.status, "succeeded")
      assert.strictEqual(done.outcome?.kind, "delivered")
      assert.strictEqual(done.pullRequest?.number, pull.number)
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement", "Ready for Review"])
      assert.lengthOf(comments(identifier), 1)
      assert.include(comments(identifier)[0], `#${pull.number}`)
      assert.lengthOf(yield* attempts(identifier), 1)
      assert.includeMembers(yield* events(done.id), [
        "reserved",
        "launching",
        "running",
        "announced",
        "run_ended",
        "delivered",
        "labels_done",
        "comment_done",
        "settled"
      ])
    })
  )
})
