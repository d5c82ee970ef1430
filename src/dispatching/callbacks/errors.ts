import * as Schema from "effect/Schema"

/** Whoever calls did not prove to be the run of this dispatch; the message says what was wrong. */
export class InvalidToken extends Schema.TaggedError<InvalidToken>()("InvalidToken", {
  message: Schema.String
}) {}
