import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Tracker } from "../../../src/upstreams/Tracker.ts"
import { assertUnderstood, mutating } from "../../support/mutating.ts"
import { uuidOf } from "../../../src/sandbox/linear/uuid.ts"
import { layer, LocalLinear, pickup } from "../../support/linearClient.ts"
import { StoredIssueId } from "../../../src/domain/Ids.ts"

const refusal = {
  data: null,
  errors: [
    {
      message: "Entity not found: Issue",
      path: ["issue"],
      extensions: {
        type: "invalid input",
        code: "INPUT_ERROR",
        userError: true,
        statusCode: 400,
        userPresentableMessage: "Could not find it."
      }
    }
  ]
}

const headers = ["requests", "complexity"].flatMap((kind) =>
  ["limit", "remaining", "reset"].map((part) => `x-ratelimit-${kind}-${part}`)
)

const mutated = mutating({ refusal, headers: ["retry-after", ...headers] })

it.live(
  "whatever Linear answers is understood or refused, and never a defect",
  () =>
    Effect.gen(function* () {
      const { control } = yield* LocalLinear
      const tracker = yield* Tracker
      const identifier = control.createIssue({ team: "ENG", title: "One", labels: [pickup] })
      const { id } = control.issueByIdentifier(identifier) ?? assert.fail("There is no such issue.")
      const parent = control.comment({ issue: identifier, body: "A question" })
      control.comment({ issue: identifier, body: "An answer", parentId: parent })
      const kinds = yield* assertUnderstood(
        [
          tracker.page({ pickupLabel: pickup, first: 10, after: null, tracked: [id] }),
          tracker.get(identifier),
          tracker.change({
            issueId: StoredIssueId.make(id),
            teamId: uuidOf("Team/1"),
            add: ["AI-Working"],
            remove: [pickup],
            start: true
          }),
          tracker.comment({
            id: "5d1c0f6e-0000-4000-8000-000000000042",
            issueId: StoredIssueId.make(id),
            body: "Hello"
          }),
          tracker.replies({ commentIds: [parent], ours: [] }),
          tracker.probe
        ],
        60
      )
      assert.includeMembers(kinds, ["success", "Malformed", "Rejected", "NotFound"])
    }).pipe(Effect.provide(layer({ between: mutated, timeout: "2 seconds" }))),
  60_000
)
