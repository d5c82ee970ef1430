import * as Schema from "effect/Schema"

/** Whoever calls did not prove to be the run of this dispatch; the message says what was wrong. */
export class NotAuthentic extends Schema.TaggedError<NotAuthentic>()("NotAuthentic", {
  message: Schema.String
}) {}
