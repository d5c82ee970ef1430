import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import type { DispatchRow } from "../../../src/dispatching/dispatches/DispatchRow.ts"
import { askedComment, closingComment } from "../../../src/dispatching/questions/comments.ts"
import { expiryOf, refusedQuestion } from "../../../src/dispatching/questions/rules.ts"
import { minutes, now, outcome, runningRow } from "../../support/builders.ts"
import { StoredIssueId } from "../../../src/domain/Ids.ts"

describe("a question", () => {
  const times: ReadonlyArray<readonly [string, DateTime.Utc | null, DateTime.Utc]> = [
    ["half an hour without a deadline", null, minutes(30)],
    ["half an hour long before the deadline", minutes(60), minutes(30)],
    ["until 5 min before the deadline", minutes(20), minutes(15)],
    ["no time right before the deadline", minutes(3), now],
    ["no time after the deadline", minutes(-3), now]
  ]
  for (const [name, deadline, wanted] of times) {
    it(`may be answered for ${name}`, () => {
      assert.deepStrictEqual(expiryOf(now, deadline), wanted)
    })
  }

  const hybrid = { sessionMode: "hybrid" } as const
  const refusals: ReadonlyArray<
    readonly [string, Partial<DispatchRow>, open: number, asked: number, RegExp | null]
  > = [
    ["is accepted from a hybrid run", hybrid, 4, 49, null],
    ["is accepted from an interactive run", { sessionMode: "interactive" }, 0, 0, null],
    ["is refused from an autonomous run", {}, 0, 0, /asks no questions/],
    [
      "is refused after the end",
      { ...hybrid, outcome: outcome(), status: "failed" },
      0,
      0,
      /has ended \(failed\)/
    ],
    [
      "is refused while the run is being stopped",
      { ...hybrid, stopRequestedAt: now },
      0,
      0,
      /is being stopped/
    ],
    ["is refused before the run is known", { ...hybrid, status: "uncertain" }, 0, 0, /not running yet/],
    ["is refused while five others are open", hybrid, 5, 5, /5 questions are already open/],
    ["is refused after fifty others", hybrid, 0, 50, /50 questions were already asked/]
  ]
  for (const [name, row, open, asked, refused] of refusals) {
    it(name, () => {
      const said = refusedQuestion(runningRow(row), open, asked)
      if (refused === null) return assert.isNull(said)
      assert.match(said ?? "", refused)
    })
  }
})

const question = {
  id: "01937c2e-0000-7000-8000-0000000000aa",
  dispatchId: runningRow().id,
  issueId: StoredIssueId.make("issue"),
  issueIdentifier: "ENG-42",
  text: "Which logo?\nThe old one is <b>blue</b>.",
  options: ["The old\none", "The new one"],
  askedAt: now,
  expiresAt: minutes(30),
  answer: null,
  closedAt: null,
  sessionMode: "hybrid"
} as const

describe("the comment of a question", () => {
  it("quotes it, lists the options, and says how and until when to answer", () => {
    assert.strictEqual(
      askedComment(question, "https://ai.test"),
      `**The agent asks:**

> Which logo?
> The old one is \\<b>blue\\</b>.

It suggests:
- The old one
- The new one

Answer in a reply to this comment, or in [the admin](https://ai.test/admin/dispatches/${question.dispatchId}), until 2026-11-23 12:30 UTC. Without an answer, the agent continues on its own judgement.`
    )
  })

  it("shows what the agent wrote as text: no link, heading or image comes of it", () => {
    const said = askedComment(
      {
        ...question,
        text: "# Sign in\r![x](https://evil.test/x.png)",
        options: ["[Approve](https://evil.test)", "<img src=x>"]
      },
      null
    )
    assert.include(said, "> \\# Sign in\n> !\\[x\\](`https://evil.test/x.png)`\n")
    assert.include(said, "\n- \\[Approve\\](`https://evil.test)`\n- \\<img src=x>\n")
  })

  it("says that an interactive run is stopped without an answer", () => {
    const said = askedComment({ ...question, options: [], sessionMode: "interactive" }, null)
    assert.include(said, "Without an answer, the run is stopped.")
    assert.notInclude(said, "suggests")
    assert.notInclude(said, "admin")
  })
})

describe("the closing comment of a question", () => {
  const answer = { text: "The old one.\nPlease.", by: "Ada", via: "api", at: now } as const
  it("is the answer that was given in the admin", () => {
    assert.strictEqual(
      closingComment({ ...question, answer, closedAt: now }),
      "Ada answered in the admin:\n\n> The old one.\n> Please."
    )
  })
  it("shows the name and the answer as text", () => {
    const said = closingComment({
      ...question,
      answer: { ...answer, by: "[Ada](//evil)", text: "> ok\n## Approved" },
      closedAt: now
    })
    assert.strictEqual(said, "\\[Ada\\](//evil) answered in the admin:\n\n> \\> ok\n> \\## Approved")
  })
  it("is missing when the answer is in the thread", () => {
    assert.isNull(closingComment({ ...question, answer: { ...answer, via: "comment" }, closedAt: now }))
  })
  it("says that no one answered in time, and what follows", () => {
    const closed = { ...question, closedAt: minutes(30) }
    assert.match(closingComment(closed) ?? "", /in time: the agent continues on its own judgement\./)
    assert.match(
      closingComment({ ...closed, sessionMode: "interactive" }) ?? "",
      /in time: the run is stopped\./
    )
  })
  it("says that the run has ended, when it ended first", () => {
    assert.match(closingComment({ ...question, closedAt: minutes(10) }) ?? "", /The run has ended/)
  })
})
