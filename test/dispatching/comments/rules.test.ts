import { assert, describe, it } from "@effect/vitest"
import { passes, refusedHead, requestIn, withRequest } from "../../../src/dispatching/comments/rules.ts"
import { ReasonTag } from "../../../src/domain/Reason.ts"
import type { PullRequestComment } from "../../../src/upstreams/CodeHost.ts"
import { pullRequest } from "../../support/builders.ts"

const comment = (changes: Partial<PullRequestComment> = {}): PullRequestComment => ({
  number: 12,
  author: "robin",
  body: "/ai-implement again",
  edited: false,
  ...changes
})

describe("a comment", () => {
  it("is a request of its author", () => {
    assert.deepStrictEqual(requestIn(comment(), 12), { _tag: "Request", author: "robin", text: "again" })
  })

  const table: ReadonlyArray<readonly [string, PullRequestComment | null, string]> = [
    ["that was deleted", null, "deleted"],
    ["on another pull request", comment({ number: 13 }), "#12"],
    ["that was edited", comment({ edited: true }), "edited"],
    ["without the command", comment({ body: "looks good" }), "/ai-implement"],
    ["without an author", comment({ author: null }), "unknown"]
  ]
  for (const [name, given, refused] of table) {
    it(`${name} is refused`, () => {
      const request = requestIn(given, 12)
      assert(request._tag === "Refused")
      assert.include(request.why, refused)
    })
  }
})

describe("a pull request", () => {
  const table: ReadonlyArray<readonly [string, Parameters<typeof refusedHead>[0], string | null]> = [
    ["that is open can continue", { ...pullRequest(), fork: false }, null],
    ["that is a draft can continue", { ...pullRequest({ draft: true }), fork: false }, null],
    ["that does not exist cannot continue", null, "does not exist"],
    ["that was merged cannot continue", { ...pullRequest({ state: "merged" }), fork: false }, "merged"],
    ["that was closed cannot continue", { ...pullRequest({ state: "closed" }), fork: false }, "closed"],
    ["of a fork cannot continue", { ...pullRequest(), fork: true }, "another repository"]
  ]
  for (const [name, given, refused] of table) {
    it(name, () => {
      const why = refusedHead(given)
      if (refused === null) assert.isNull(why)
      else assert.include(why, refused)
    })
  }
})

describe("a reason to wait", () => {
  it("is waited for when it ends without a person's action, and is final otherwise", () => {
    const waited = ReasonTag.literals.filter((_tag) => passes({ _tag }))
    assert.deepStrictEqual(waited, [
      "waiting_answer",
      "running",
      "settling",
      "budget_low",
      "upstream_down",
      "hourly_limit",
      "team_at_capacity",
      "paused",
      "globally_paused",
      "lost_race"
    ])
  })
})

describe("the request of a comment", () => {
  const by = { by: "robin", number: 12 }

  it("is added to the description of the issue", () => {
    assert.strictEqual(
      withRequest("A logo is missing.", { ...by, asked: "Use the blue one." }),
      "A logo is missing.\n\n---\n\nrobin asks in a comment on pull request #12:\n\nUse the blue one."
    )
    assert.isTrue(withRequest(null, { ...by, asked: "Blue." })?.startsWith("---"))
  })

  it("may be empty", () => {
    assert.strictEqual(withRequest("A logo is missing.", { ...by, asked: "" }), "A logo is missing.")
    assert.isNull(withRequest(null, { ...by, asked: "" }))
  })

  it("is shortened to well-formed text when it is too long", () => {
    const cut = withRequest(null, { ...by, asked: `a${"💩".repeat(9000)}` }) ?? ""
    assert.isBelow(cut.length, 10_100)
    assert.isTrue(cut.isWellFormed())
  })
})
