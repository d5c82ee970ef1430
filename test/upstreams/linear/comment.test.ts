import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Tracker } from "../../../src/upstreams/Tracker.ts"
import type { Action } from "../../../src/sandbox/Upstream.ts"
import { live, LocalLinear, reasonOf } from "../../support/linearClient.ts"

const id = "5f0c3f7e-6f0c-4d52-9a55-0f6f4f1c2a11"

const start = Effect.gen(function* () {
  const tracker = yield* Tracker
  const { control } = yield* LocalLinear
  const issue = yield* tracker.get(control.createIssue({ team: "ENG", title: "Search" }))
  const bodies = () => control.issueByIdentifier(issue.identifier)?.comments.map(({ body }) => body)
  return { tracker, control, issue, bodies }
})

const lost: ReadonlyArray<readonly [string, Action]> = [
  ["cut off", { _tag: "truncate" }],
  ["no JSON", { _tag: "malformed" }],
  ["an error after all", { _tag: "statusAfter", status: 500 }],
  ["a reset", { _tag: "resetAfter" }]
]

for (const [what, action] of lost) {
  live(
    `a comment whose answer was ${what} is there once, and that is success`,
    Effect.gen(function* () {
      const { tracker, control, issue, bodies } = yield* start
      control.failNext({ match: "commentCreate", action })
      yield* tracker.comment({ id, issueId: issue.id, body: "Started." })
      assert.deepStrictEqual(bodies(), ["Started."])
    })
  )
}

live(
  "a comment that Linear refuses is not taken for one that is there",
  Effect.gen(function* () {
    const { tracker, issue, bodies } = yield* start
    const empty = yield* reasonOf(tracker.comment({ id, issueId: issue.id, body: " " }))
    assert.strictEqual(empty._tag, "Rejected")
    assert.deepStrictEqual(bodies(), [])
  })
)

live(
  "an id that is in use on another issue is refused",
  Effect.gen(function* () {
    const { tracker, control, issue, bodies } = yield* start
    const other = yield* tracker.get(control.createIssue({ team: "ENG", title: "Other" }))
    yield* tracker.comment({ id, issueId: issue.id, body: "Started." })
    const reason = yield* reasonOf(tracker.comment({ id, issueId: other.id, body: "Started." }))
    assert.strictEqual(reason._tag, "Rejected")
    assert.deepStrictEqual(bodies(), ["Started."])
  })
)

live(
  "a comment on an issue that is gone is NotFound",
  Effect.gen(function* () {
    const { tracker, control, issue } = yield* start
    control.deleteIssue(issue.identifier)
    const reason = yield* reasonOf(tracker.comment({ id, issueId: issue.id, body: "Started." }))
    assert.deepStrictEqual(reason, { _tag: "NotFound" })
  })
)
