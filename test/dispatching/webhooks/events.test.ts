import { assert, describe, it } from "@effect/vitest"
import * as Option from "effect/Option"
import { type Consequence, readGitHub, readLinear } from "../../../src/dispatching/webhooks/events.ts"

const nothing: Consequence = { _tag: "Nothing" }

describe("an event of Linear", () => {
  for (const type of ["Issue", "Comment", "IssueLabel"]) {
    it(`about an ${type} asks for a pass`, () => {
      assert.deepStrictEqual(
        readLinear({ type, action: "update", data: {}, webhookTimestamp: 7 }),
        Option.some({ _tag: "Pass", teamKey: null })
      )
    })
  }

  const team = { key: "ENG" }
  for (const [name, event, teamKey] of [
    ["an issue names its team", { type: "Issue", data: { team } }, "ENG"],
    ["a comment names the team of its issue", { type: "Comment", data: { issue: { team } } }, "ENG"],
    [
      "an issue that moved names none: it concerns two",
      { type: "Issue", data: { team }, updatedFrom: { teamId: "x" } },
      null
    ],
    ["a renamed issue names its team", { type: "Issue", data: { team }, updatedFrom: { title: "x" } }, "ENG"],
    ["a label of the workspace names none", { type: "IssueLabel", data: { teamId: null } }, null]
  ] as const) {
    it(`about ${name}`, () => {
      assert.deepStrictEqual(
        readLinear({ ...event, webhookTimestamp: 7 }),
        Option.some({ _tag: "Pass", teamKey })
      )
    })
  }

  it("about anything else leads to nothing", () => {
    assert.deepStrictEqual(readLinear({ type: "Project", webhookTimestamp: 7 }), Option.some(nothing))
  })

  for (const nonsense of [null, 1, "Issue", [], {}, { type: "Issue" }, { type: 1, webhookTimestamp: 7 }]) {
    it(`is not ${JSON.stringify(nonsense)}`, () => {
      assert.isTrue(Option.isNone(readLinear(nonsense)))
    })
  }
})

const repository = { name: "App", owner: { login: "Acme" } }

const comment = (changes: object = {}) => ({
  action: "created",
  repository,
  issue: { number: 12, pull_request: {} },
  comment: { id: 99, body: "/ai-implement again" },
  ...changes
})

describe("an event of GitHub", () => {
  const table: ReadonlyArray<readonly [string, string, unknown, Consequence]> = [
    [
      "about a run that was dispatched notifies the monitor",
      "workflow_run",
      { action: "completed", workflow_run: { event: "workflow_dispatch" } },
      { _tag: "Signal", who: "monitor" }
    ],
    [
      "about any other run leads to nothing",
      "workflow_run",
      { action: "completed", workflow_run: { event: "push" } },
      nothing
    ],
    [
      "about a pull request causes a check of the pull requests",
      "pull_request",
      { action: "closed", pull_request: { number: 12 } },
      { _tag: "Signal", who: "pull-requests" }
    ],
    [
      "with the command on a pull request has the comment read",
      "issue_comment",
      comment(),
      { _tag: "Comment", comment: { owner: "Acme", repo: "App", prNumber: 12, commentId: 99 } }
    ],
    ["with an edited comment leads to nothing", "issue_comment", comment({ action: "edited" }), nothing],
    [
      "with the command on an issue leads to nothing",
      "issue_comment",
      comment({ issue: { number: 12 } }),
      nothing
    ],
    [
      "with another comment leads to nothing",
      "issue_comment",
      comment({ comment: { id: 99, body: "thanks" } }),
      nothing
    ],
    ["of another kind leads to nothing", "ping", { zen: "Keep it logically awesome." }, nothing]
  ]
  for (const [name, event, body, expected] of table) {
    it(name, () => assert.deepStrictEqual(readGitHub(event, body), Option.some(expected)))
  }

  const nonsense: ReadonlyArray<readonly [string, unknown]> = [
    ["workflow_run", {}],
    ["pull_request", { pull_request: { number: 2 ** 40 } }],
    ["issue_comment", comment({ repository: { name: "a\u0000b", owner: { login: "acme" } } })],
    ["issue_comment", comment({ comment: { id: 1.5, body: "/ai-implement" } })],
    ["ping", null],
    ["ping", "payload=%7B%7D"]
  ]
  for (const [event, body] of nonsense) {
    it(`is not ${event} ${JSON.stringify(body)}`, () => assert.isTrue(Option.isNone(readGitHub(event, body))))
  }
})
