import { assert, describe, it } from "@effect/vitest"
import { passes, refusedComment, refusedHead, withAsked } from "../../../src/dispatching/comments/rules.ts"
import { ReasonTag } from "../../../src/domain/Reason.ts"
import type { PullRequestComment } from "../../../src/upstreams/CodeHost.ts"
import { minutes, pullRequest } from "../../support/builders.ts"

const comment = (changes: Partial<PullRequestComment> = {}): PullRequestComment => ({
  number: 12,
  author: "robin",
  body: "/ai-implement again",
  edited: false,
  ...changes
})

describe("a comment", () => {
  const table: ReadonlyArray<readonly [string, PullRequestComment | null, string | null]> = [
    ["asks as it was written", comment(), null],
    ["that is gone asks for nothing", null, "gone"],
    ["on another pull request asks for nothing of this one", comment({ number: 13 }), "#12"],
    ["that was edited asks for nothing", comment({ edited: true }), "edited"],
    ["without the command asks for nothing", comment({ body: "looks good" }), "/ai-implement"],
    ["of nobody asks for nothing", comment({ author: null }), "Nobody"]
  ]
  for (const [name, given, refused] of table) {
    it(name, () => {
      const why = refusedComment(given, 12)
      if (refused === null) assert.isNull(why)
      else assert.include(why, refused)
    })
  }
})

describe("a pull request", () => {
  const table: ReadonlyArray<readonly [string, Parameters<typeof refusedHead>[0], string | null]> = [
    ["that is open here goes on", { ...pullRequest(), fork: false }, null],
    ["as a draft goes on", { ...pullRequest({ draft: true }), fork: false }, null],
    ["that is not there does not", null, "no such"],
    ["that was merged does not", { ...pullRequest({ state: "merged" }), fork: false }, "merged"],
    ["that was closed does not", { ...pullRequest({ state: "closed" }), fork: false }, "closed"],
    ["of a fork does not", { ...pullRequest(), fork: true }, "another repository"]
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
  it("that passes by itself is waited for, any other is final", () => {
    const waited = ReasonTag.literals.filter((_tag) =>
      passes({
        _tag,
        teamKey: "ENG",
        dispatchId: "",
        phase: "implementation",
        status: "running",
        pending: [],
        label: "",
        url: "",
        by: [],
        more: false,
        failures: 3,
        last: null,
        planDispatchId: null,
        since: minutes(0),
        until: minutes(1),
        missing: [],
        provider: "anthropic",
        mode: "github-actions",
        problems: [],
        upstream: "github",
        used: 1,
        cap: 1
      })
    )
    assert.deepStrictEqual(waited, [
      "globally_paused",
      "paused",
      "running",
      "settling",
      "budget_low",
      "upstream_down",
      "hourly_limit",
      "team_at_capacity",
      "lost_race"
    ])
  })
})

describe("what a comment asks besides", () => {
  const by = { by: "robin", number: 12 }

  it("is added to the description of the issue", () => {
    assert.strictEqual(
      withAsked("A logo is missing.", { ...by, asked: "Use the blue one." }),
      "A logo is missing.\n\n---\n\nrobin asks in a comment on pull request #12:\n\nUse the blue one."
    )
    assert.isTrue(withAsked(null, { ...by, asked: "Blue." })?.startsWith("---"))
  })

  it("may be nothing", () => {
    assert.strictEqual(withAsked("A logo is missing.", { ...by, asked: "" }), "A logo is missing.")
    assert.isNull(withAsked(null, { ...by, asked: "" }))
  })

  it("is cut where it is too long, and stays text that can be kept", () => {
    const cut = withAsked(null, { ...by, asked: `a${"💩".repeat(9000)}` }) ?? ""
    assert.isBelow(cut.length, 10_100)
    assert.isTrue(cut.isWellFormed())
  })
})
