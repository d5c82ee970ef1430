import type { Notice, NoticeKind } from "./Notice.ts"

const marks: Readonly<Record<NoticeKind, string>> = {
  started: "▶️",
  plan_ready: "📋",
  approval_wanted: "🖐️",
  question: "❓",
  succeeded: "✅",
  failed: "❌",
  parked: "🅿️",
  given_up: "⚠️",
  test: "👋"
}

// In characters: a Slack block holds 3 000, and an escaped character takes up to five.
const maxLength = { line: 250, text: 550 }

const shorten = (text: string, max: number) =>
  text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`

const contentOf = (notice: Notice, publicUrl: string | null) => ({
  headline: `${marks[notice.kind]} ${shorten(notice.headline, maxLength.line)}`,
  title: notice.title === null ? null : shorten(notice.title, maxLength.line),
  text: notice.text === null ? null : shorten(notice.text, maxLength.text),
  links: [
    ...notice.links,
    ...(publicUrl === null || notice.page === null ? [] : [{ label: "Admin", url: publicUrl + notice.page }])
  ]
})

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const slackLink = ({ label, url }: Notice["links"][number]) =>
  `<${escaped(url).replaceAll("|", "%7C")}|${escaped(label)}>`

export const slack = (notice: Notice, publicUrl: string | null) => {
  const { headline, links, text, title } = contentOf(notice, publicUrl)
  const section = (lines: ReadonlyArray<string>) => ({
    type: "section",
    text: { type: "mrkdwn", text: lines.join("\n") }
  })
  return {
    text: escaped(headline),
    blocks: [
      section([`*${escaped(headline)}*`, ...(title === null ? [] : [escaped(title)])]),
      ...(text === null ? [] : [section([escaped(text)])]),
      ...(links.length === 0
        ? []
        : [{ type: "context", elements: [{ type: "mrkdwn", text: links.map(slackLink).join("  ·  ") }] }])
    ]
  }
}

const plain = (text: string, style: Readonly<Record<string, unknown>> = {}) => ({
  type: "RichTextBlock",
  inlines: [{ type: "TextRun", text, ...style }]
})

/** An Adaptive Card for a Teams workflow that posts what its webhook receives. */
export const teams = (notice: Notice, publicUrl: string | null) => {
  const { headline, links, text, title } = contentOf(notice, publicUrl)
  return {
    type: "message",
    summary: headline,
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          fallbackText: headline,
          body: [
            plain(headline, { weight: "Bolder", size: "Medium" }),
            ...(title === null ? [] : [plain(title, { isSubtle: true })]),
            ...(text ?? "").split("\n").flatMap((line) => (line === "" ? [] : [plain(line)]))
          ],
          actions: links.map(({ label, url }) => ({ type: "Action.OpenUrl", title: label, url }))
        }
      }
    ]
  }
}

export const render = { slack, teams }
