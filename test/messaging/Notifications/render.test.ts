import { assert, describe, it } from "@effect/vitest"
import { type Notice, NoticeKind } from "../../../src/messaging/Notifications/Notice.ts"
import { testNotice } from "../../../src/messaging/Notifications/Notice.ts"
import { slack, teams } from "../../../src/messaging/Notifications/render.ts"

const notice = (changes: Partial<Notice> = {}): Notice => ({
  kind: "failed",
  headline: "ENG-42: the implementation failed",
  title: "Add a logo",
  text: "the run failed on GitHub.",
  links: [{ label: "Issue", url: "https://linear.test/ENG-42" }],
  page: "/admin/dispatches/7",
  ...changes
})

const publicUrl = "https://ai.acme.test"

describe("a message to Slack", () => {
  it("shows the headline, title, text and links", () => {
    assert.deepStrictEqual(slack(notice(), publicUrl), {
      text: "❌ ENG-42: the implementation failed",
      blocks: [
        {
          type: "section",
          text: { type: "mrkdwn", text: "*❌ ENG-42: the implementation failed*\nAdd a logo" }
        },
        { type: "section", text: { type: "mrkdwn", text: "the run failed on GitHub." } },
        {
          type: "context",
          elements: [
            {
              type: "mrkdwn",
              text: "<https://linear.test/ENG-42|Issue>  ·  <https://ai.acme.test/admin/dispatches/7|Admin>"
            }
          ]
        }
      ]
    })
  })

  it("escapes mentions, links and markup that people wrote", () => {
    const nasty = "<!channel> <https://evil.test|click> & <@U1> &amp;"
    const sent = JSON.stringify(slack(notice({ headline: nasty, title: nasty, text: nasty }), null))
    assert.notMatch(sent, /<[!@]/)
    assert.notInclude(sent, "<https://evil")
    const escaped = "&lt;!channel&gt; &lt;https://evil.test|click&gt; &amp; &lt;@U1&gt; &amp;amp;"
    assert.strictEqual(sent.split(escaped).length - 1, 4)
  })

  it("separates the label of a link from its address", () => {
    const links = [{ label: "a>b", url: "https://x.test/?a=1&b=|c>d" }]
    const { blocks } = slack(notice({ links, page: null }), publicUrl)
    assert.deepInclude(blocks.at(-1), {
      elements: [{ type: "mrkdwn", text: "<https://x.test/?a=1&amp;b=%7Cc&gt;d|a&gt;b>" }]
    })
  })

  it("has no empty part", () => {
    assert.lengthOf(slack(notice({ text: null, title: null, links: [], page: null }), publicUrl).blocks, 1)
    assert.lengthOf(slack(testNotice, null).blocks, 1)
  })

  it("stays within Slack's limits for any text", () => {
    const long = "&".repeat(100_000)
    const sizes: Array<number> = []
    JSON.stringify(slack(notice({ headline: long, title: long, text: long }), null).blocks, (key, value) => {
      if (key === "text" && typeof value === "string") sizes.push(value.length)
      return value
    })
    assert.lengthOf(sizes, 3)
    assert.isAtMost(Math.max(...sizes), 3000)
  })
})

describe("a card for Teams", () => {
  it("shows the headline, title, text and links", () => {
    const { attachments, summary } = teams(notice({ text: "one\n\ntwo" }), publicUrl)
    assert.strictEqual(summary, "❌ ENG-42: the implementation failed")
    assert.lengthOf(attachments, 1)
    const { content, contentType } = attachments[0] ?? assert.fail()
    assert.strictEqual(contentType, "application/vnd.microsoft.card.adaptive")
    assert.deepInclude(content, { type: "AdaptiveCard", version: "1.4" })
    const line = (text: string, style = {}) => ({
      type: "RichTextBlock",
      inlines: [{ type: "TextRun", text, ...style }]
    })
    assert.deepStrictEqual(content.body, [
      line("❌ ENG-42: the implementation failed", { weight: "Bolder", size: "Medium" }),
      line("Add a logo", { isSubtle: true }),
      line("one"),
      line("two")
    ])
    assert.deepStrictEqual(content.actions, [
      { type: "Action.OpenUrl", title: "Issue", url: "https://linear.test/ENG-42" },
      { type: "Action.OpenUrl", title: "Admin", url: "https://ai.acme.test/admin/dispatches/7" }
    ])
  })

  it("shows what people wrote only where Markdown is not read", () => {
    const nasty = "[click](https://evil.test) **bold** <at>all</at> `x`"
    const card = teams(notice({ title: nasty, text: nasty }), null)
    const holders: Array<string> = []
    JSON.stringify(card, (_, value) => {
      if (typeof value === "object" && value !== null && value.text === nasty) holders.push(value.type)
      return value
    })
    assert.deepStrictEqual(holders, ["TextRun", "TextRun"])
    assert.notInclude(JSON.stringify(card), 'TextBlock","text')
  })
})

describe("every kind of notification", () => {
  it("has its own mark", () => {
    const heads = NoticeKind.literals.map((kind) => slack(notice({ kind }), null).text)
    assert.strictEqual(new Set(heads).size, NoticeKind.literals.length)
  })
})
