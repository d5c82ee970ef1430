import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { operator, repository, start } from "../support/engine.ts"

const delivered = Effect.gen(function* () {
  const engine = yield* start()
  const identifier = engine.issue()
  const pull = yield* engine.deliver(yield* engine.dispatched(identifier))
  const dispatch = yield* engine.settled(identifier)
  return { ...engine, identifier, dispatch, pull: { ...repository, number: pull.number } }
})

describe("our pull request", () => {
  it.live("is followed until it is merged, which is an event of its dispatch", () =>
    Effect.gen(function* () {
      const { dispatch, dispatches, github, identifier, pull, until } = yield* delivered
      yield* github.mergePullRequest(pull)
      yield* until(identifier, ({ pullRequest }) => pullRequest?.state === "merged")
      const all = yield* dispatches.events(dispatch.id)
      const ended = all.filter(({ type }) => type.startsWith("pull_request_"))
      assert.deepStrictEqual(
        ended.map(({ actor, facts, message, type }) => ({ actor, facts, message, type })),
        [
          {
            actor: null,
            facts: { number: pull.number, url: dispatch.pullRequest?.url ?? null },
            message: `Pull request #${pull.number} was merged`,
            type: "pull_request_merged"
          }
        ]
      )
    })
  )

  it.live("that is closed without a merge frees its issue at once", () =>
    Effect.gen(function* () {
      const { candidates, events, github, identifier, linear, pull, sql, until, waitsFor } = yield* delivered
      yield* candidates.removeFromDedup(identifier, operator)
      linear.setLabels(identifier, ["AI-Implement"])
      yield* waitsFor(identifier, "open_pull_request")
      yield* github.closePullRequest(pull)
      const again = yield* until(identifier, ({ attempt }) => attempt === 2)
      const [first] = yield* sql`select dispatch_id from pull_requests where state = 'closed'`
      assert.include(yield* events(String(first?.["dispatchId"])), "pull_request_closed")
      assert.notInclude(yield* events(again.id), "pull_request_closed")
    })
  )
})
