import { assert, describe, it } from "@effect/vitest"
import type { Outcome } from "../../../src/domain/Outcome.ts"
import {
  endNotices,
  givenUpNotice,
  questionNotice,
  startedNotice
} from "../../../src/dispatching/dispatches/notices.ts"
import {
  dispatchRow,
  failureState,
  now,
  outcome,
  pullRequest,
  run,
  runningRow
} from "../../support/builders.ts"

const implementation = runningRow()
const planning = runningRow({ phase: "planning" })
const delivered: Partial<Outcome> = { kind: "delivered", reason: "pull_request", message: "done." }

describe("the end of a dispatch", () => {
  const table: ReadonlyArray<{
    readonly name: string
    readonly row?: typeof implementation
    readonly outcome: Partial<Outcome>
    readonly pull?: boolean
    readonly autoApproved?: boolean
    readonly parked?: boolean
    readonly expectedNotices: ReadonlyArray<readonly [kind: string, headline: string, text: string | null]>
  }> = [
    {
      name: "with a pull request says that it is ready",
      outcome: delivered,
      pull: true,
      expectedNotices: [["succeeded", "ENG-42: the pull request is ready for review", null]]
    },
    {
      name: "with a plan that needs no approval says that it is ready",
      row: planning,
      outcome: { ...delivered, reason: "plan" },
      autoApproved: true,
      expectedNotices: [["plan_ready", "ENG-42: the plan is ready, its implementation follows", null]]
    },
    {
      name: "with a plan that needs approval asks for it",
      row: planning,
      outcome: { ...delivered, reason: "plan" },
      expectedNotices: [
        [
          "approval_wanted",
          "ENG-42: the plan is ready and waits for approval",
          "Read it on the issue. Approve it in the admin or with the label Plan-Approved, or reject it with a reason."
        ]
      ]
    },
    {
      name: "that failed says why",
      outcome: { kind: "failed" },
      expectedNotices: [["failed", "ENG-42: the implementation failed", "the run failed on GitHub."]]
    },
    {
      name: "that was lost says so",
      row: planning,
      outcome: { kind: "lost" },
      expectedNotices: [["failed", "ENG-42: the planning was lost", "the run failed on GitHub."]]
    },
    {
      name: "that ran out of time says so",
      outcome: { kind: "timed_out" },
      expectedNotices: [["failed", "ENG-42: the implementation ran out of time", "the run failed on GitHub."]]
    },
    {
      name: "that parks the issue says so too",
      outcome: { kind: "failed" },
      parked: true,
      expectedNotices: [
        ["failed", "ENG-42: the implementation failed", "the run failed on GitHub."],
        [
          "parked",
          "ENG-42: parked after 3 failed attempts",
          "the run failed on GitHub.\nTo try again, un-park the issue in the admin, or dispatch it from there."
        ]
      ]
    },
    {
      name: "that was requested causes no notification",
      outcome: { kind: "cancelled", reason: "operator" },
      expectedNotices: []
    }
  ]
  for (const {
    autoApproved = false,
    name,
    outcome: changes,
    parked,
    pull,
    row = implementation,
    expectedNotices
  } of table) {
    it(name, () => {
      const notices = endNotices(
        row,
        outcome(changes),
        pull === true ? pullRequest() : null,
        parked === true ? failureState({ failures: 3, parkedAt: now }) : null,
        autoApproved
      )
      assert.deepStrictEqual(
        notices.map(({ headline, kind, text }) => [kind, headline, text] as const),
        expectedNotices
      )
    })
  }
})

describe("a notification", () => {
  it("links the pull request, the issue, the run and the page in the admin", () => {
    const [notice] = endNotices(implementation, outcome(delivered), pullRequest(), null, false)
    assert.deepStrictEqual(notice?.links, [
      { label: "Pull request #12", url: "https://github.test/acme/app/pull/12" },
      { label: "Issue", url: "https://linear.test/ENG-42" },
      { label: "Run", url: run.url }
    ])
    assert.strictEqual(notice?.page, `/admin/dispatches/${implementation.id}`)
    assert.strictEqual(notice?.title, "Add login")
    assert.deepStrictEqual(startedNotice(dispatchRow()).links, [
      { label: "Issue", url: "https://linear.test/ENG-42" }
    ])
  })

  it("of a question holds it with its options", () => {
    const { headline, kind, text } = questionNotice(implementation, "Which blue?", ["navy", "sky"])
    assert.deepStrictEqual([kind, headline], ["question", "ENG-42: the agent asks a question"])
    assert.strictEqual(
      text,
      "Which blue?\n• navy\n• sky\nAnswer in the thread of its comment on the issue, or in the admin."
    )
  })

  it("of a start names the phase", () => {
    assert.strictEqual(startedNotice(planning).headline, "ENG-42: the planning has started")
    assert.strictEqual(startedNotice(implementation).headline, "ENG-42: the implementation has started")
  })

  it("names the step that was given up and the reason", () => {
    const { headline, text } = givenUpNotice(implementation, "machine", "Fly refused.")
    assert.deepStrictEqual([headline, text], ["ENG-42: its machine could not be destroyed", "Fly refused."])
  })
})
