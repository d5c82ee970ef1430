import * as Schema from "effect/Schema"

const noNul = Schema.makeFilter<string>((text) => !text.includes("\u0000"), {
  message: "must not contain a NUL character"
})

/** Text that PostgreSQL can hold: no NUL, at most `max` characters. */
export const text = (max: number) =>
  Schema.String.check(Schema.isMaxLength(max, { message: `must be at most ${max} characters` }), noNul)

/** Non-empty text of at most `max` characters. */
export const someText = (max: number) =>
  text(max).check(Schema.isMinLength(1, { message: "must not be empty" }))

/** A UTC instant: `Date` in the database, ISO-8601 in JSON. */
export const Timestamp = Schema.DateTimeUtcFromDate
/** A UTC instant inside a JSON document. */
export const JsonTimestamp = Schema.DateTimeUtcFromString
