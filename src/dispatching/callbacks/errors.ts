import * as Schema from "effect/Schema"

/** The token does not prove that the caller is the run of this dispatch; the message says why. */
export class InvalidToken extends Schema.TaggedError<InvalidToken>()("InvalidToken", {
  message: Schema.String
}) {}

// `retryAfter` in seconds.
export class TooManyCalls extends Schema.TaggedError<TooManyCalls>()("TooManyCalls", {
  message: Schema.String,
  retryAfter: Schema.Int
}) {}
