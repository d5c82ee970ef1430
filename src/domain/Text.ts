import { identity } from "effect/Function"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** Without control characters, but tab and line feed, and without characters that reverse the order of others. */
export const plainText = (text: string) =>
  text
    .replace(/\r\n?/g, "\n")
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "")
    .toWellFormed()

// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** A JSON text in which each character that a terminal may act on is an escape; the value stays the same. */
export const printableJson = (json: string) =>
  json.replace(unprintable, (character) =>
    character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  )

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

const toPlain = SchemaTransformation.transform<string, string>({ decode: plainText, encode: identity })

export const PlainText = Schema.String.pipe(Schema.decode(toPlain))

export const foreignText = (max: number) => text(max).pipe(Schema.decode(toPlain))

export const someForeignText = (max: number) =>
  foreignText(max).check(Schema.isMinLength(1, { message: "must not be empty" }))

const webAddress = Schema.makeFilter<string>(
  (address) => /^https?:\/\/\S+$/i.test(address) && URL.canParse(address),
  { message: "must be an http:// or https:// address" }
)

/** The address of a page, of at most `max` characters: one that a link may have. */
export const webUrl = (max: number) => someForeignText(max).check(webAddress)

/** Text of at most `max` characters, without whitespace at its ends; not blank. */
export const trimmedText = (max: number) =>
  foreignText(max)
    .pipe(Schema.decode(SchemaTransformation.trim()))
    .check(Schema.isMinLength(1, { message: "must not be empty" }))

/** A UTC instant: `Date` in the database, ISO-8601 in JSON. */
export const Timestamp = Schema.DateTimeUtcFromDate.annotate({ identifier: "Timestamp" })
export const JsonTimestamp = Schema.DateTimeUtcFromString.annotate({ identifier: "Timestamp" })
