import * as Schema from "effect/Schema"

export const NoticeKind = Schema.Literals([
  "started",
  "plan_ready",
  "approval_wanted",
  "question",
  "succeeded",
  "failed",
  "parked",
  "given_up",
  "test"
])
export type NoticeKind = typeof NoticeKind.Type

/** A notification in plain text; it is rendered for its messenger when it is sent. */
export const Notice = Schema.Struct({
  kind: NoticeKind,
  headline: Schema.String,
  title: Schema.NullOr(Schema.String),
  text: Schema.NullOr(Schema.String),
  links: Schema.Array(Schema.Struct({ label: Schema.String, url: Schema.String })),
  /** Path of the admin page with details. */
  page: Schema.NullOr(Schema.String)
})
export type Notice = typeof Notice.Type

export const testNotice: Notice = {
  kind: "test",
  headline: "AI-Implement sends its notifications here",
  title: null,
  text: null,
  links: [],
  page: "/admin"
}
