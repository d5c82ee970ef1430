import * as Schema from "effect/Schema"
import { Reason } from "../domain/Reason.ts"

const FieldIssue = Schema.Struct({ path: Schema.String, message: Schema.String })

/** The request does not have the form of the route; every problem is listed. */
export class Invalid extends Schema.TaggedError<Invalid>()(
  "Invalid",
  { error: Schema.String, issues: Schema.Array(FieldIssue) },
  { httpApiStatus: 400 }
) {}

export class Unauthorized extends Schema.TaggedError<Unauthorized>()(
  "Unauthorized",
  { error: Schema.String },
  { httpApiStatus: 401 }
) {}

export class InvalidAccessCode extends Schema.TaggedError<InvalidAccessCode>()(
  "InvalidAccessCode",
  { error: Schema.String },
  { httpApiStatus: 401 }
) {}

export class NotFound extends Schema.TaggedError<NotFound>()(
  "NotFound",
  { error: Schema.String },
  { httpApiStatus: 404 }
) {}

export class Conflict extends Schema.TaggedError<Conflict>()(
  "Conflict",
  { error: Schema.String },
  { httpApiStatus: 409 }
) {}

/** The issue may not be dispatched now, and why. */
export class NotAdmitted extends Schema.TaggedError<NotAdmitted>()(
  "NotAdmitted",
  { error: Schema.String, reason: Reason, cleared: Schema.Array(Schema.String) },
  { httpApiStatus: 409 }
) {}

/** `retryAfter` in seconds, also in the `Retry-After` header. */
export class TooManyAttempts extends Schema.TaggedError<TooManyAttempts>()(
  "TooManyAttempts",
  { error: Schema.String, retryAfter: Schema.Int },
  { httpApiStatus: 429 }
) {}

/** As many follow the events as one process bears; `retryAfter` in seconds. */
export class TooManyStreams extends Schema.TaggedError<TooManyStreams>()(
  "TooManyStreams",
  { error: Schema.String, retryAfter: Schema.Int },
  { httpApiStatus: 429 }
) {}

/** An upstream is down or not configured; the message names the setting. */
export class UpstreamUnavailable extends Schema.TaggedError<UpstreamUnavailable>()(
  "UpstreamUnavailable",
  { error: Schema.String },
  { httpApiStatus: 503 }
) {}
