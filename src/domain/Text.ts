import * as Schema from "effect/Schema"

/**
 * Text as a terminal, a log and a page may show it: without control characters but tab and line feed, without the
 * characters that reverse the order of others, and well-formed.
 */
export const plainText = (text: string) =>
  text
    .replace(/\r\n?/g, "\n")
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "")
    .toWellFormed()

const noNul = Schema.makeFilter<string>((text) => !text.includes("\u0000"), {
  message: "must not contain a NUL character"
})
const wellFormed = Schema.makeFilter<string>((text) => text.isWellFormed(), {
  message: "must be valid Unicode: it contains half of a surrogate pair"
})

/** Text that PostgreSQL can hold, in `jsonb` too: no NUL, no lone surrogate, at most `max` characters. */
export const text = (max: number) =>
  Schema.String.check(
    Schema.isMaxLength(max, { message: `must be at most ${max} characters` }),
    noNul,
    wellFormed
  )

/** Non-empty text of at most `max` characters. */
export const someText = (max: number) =>
  text(max).check(Schema.isMinLength(1, { message: "must not be empty" }))

/** A UTC instant: `Date` in the database, ISO-8601 in JSON. */
export const Timestamp = Schema.DateTimeUtcFromDate.annotate({ identifier: "Timestamp" })
export const JsonTimestamp = Schema.DateTimeUtcFromString.annotate({ identifier: "Timestamp" })
