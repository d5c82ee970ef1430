import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import { describeReason, reasonClauses } from "../../src/domain/describeReason.ts"
import type { Reason } from "../../src/domain/Reason.ts"

const at = DateTime.makeUnsafe("2026-11-23T10:00:00.000Z")

const cases: ReadonlyArray<readonly [Reason, string]> = [
  [{ _tag: "globally_paused" }, "dispatching is paused; resume it first"],
  [{ _tag: "no_mapping", teamKey: "ENG" }, "the team ENG has no mapping; add one"],
  [{ _tag: "paused" }, "its mapping is paused; resume it first"],
  [
    { _tag: "waiting_answer", dispatchId: "d1", questionId: "q1", expiresAt: at },
    "dispatch d1 asks a question; answer it before 2026-11-23T10:00:00.000Z"
  ],
  [
    { _tag: "running", dispatchId: "d1", phase: "planning", status: "running" },
    "its planning is running (dispatch d1)"
  ],
  [{ _tag: "settling", dispatchId: "d1", pending: [] }, "dispatch d1 still settles its end"],
  [
    { _tag: "settling", dispatchId: "d1", pending: ["labels", "comment"] },
    "dispatch d1 still settles labels, comment"
  ],
  [
    { _tag: "labelled_elsewhere", label: "AI-Working" },
    "it has the label AI-Working but no dispatch here; remove the label or reset the issue"
  ],
  [{ _tag: "ready_for_review" }, "it has the label Ready for Review; remove the label to run it again"],
  [{ _tag: "open_pull_request", url: "https://x.test/1" }, "its pull request is open: https://x.test/1"],
  [
    {
      _tag: "blocked",
      by: [
        { identifier: "ENG-1", url: "https://x.test/1" },
        { identifier: "ENG-2", url: "https://x.test/2" }
      ],
      more: true
    },
    "it is blocked by ENG-1, ENG-2 and more"
  ],
  [
    { _tag: "held", by: "Olga", at },
    "Olga cancelled its dispatch at 2026-11-23T10:00:00.000Z; release it first"
  ],
  [{ _tag: "parked", failures: 3, last: null }, "it is parked after 3 failures; un-park it first"],
  [
    { _tag: "parked", failures: 0, last: "the plan was rejected" },
    "it is parked because the plan was rejected; un-park it first"
  ],
  [
    { _tag: "dedup", until: at },
    "it was dispatched in the last 24 h; wait until 2026-11-23T10:00:00.000Z or remove it from dedup"
  ],
  [
    { _tag: "upstream_down", upstream: "fly", since: at },
    "fly has not answered since 2026-11-23T10:00:00.000Z"
  ],
  [
    { _tag: "team_at_capacity", used: 3, cap: 3 },
    "its team uses 3 of 3 slots; wait, or raise the cap of its mapping"
  ]
]

describe("the description of a reason", () => {
  for (const [reason, text] of cases) {
    it(`says "${text}"`, () => assert.strictEqual(describeReason(reason), text))
  }

  it("keeps links, times and dispatches apart from the text", () => {
    const parts = [
      reasonClauses({ _tag: "running", dispatchId: "d1", phase: "planning", status: "running" }).fact[1],
      reasonClauses({ _tag: "open_pull_request", url: "https://x.test/1" }).fact[1],
      reasonClauses({ _tag: "hourly_limit", until: at }).remedy[1]
    ]
    assert.deepStrictEqual(parts, [
      { _tag: "Dispatch", id: "d1", text: "dispatch d1" },
      { _tag: "Link", url: "https://x.test/1", text: "https://x.test/1" },
      { _tag: "Time", at }
    ])
  })
})
