import * as Schema from "effect/Schema"
import { Reason } from "../domain/Reason.ts"

const FieldIssue = Schema.Struct({ path: Schema.String, message: Schema.String })

export class Invalid extends Schema.TaggedError<Invalid>()(
  "Invalid",
  { error: Schema.String, issues: Schema.Array(FieldIssue) },
  {
    httpApiStatus: 400,
    description: "The request does not match the schema of the route; every problem is listed."
  }
) {}

export class Unauthorized extends Schema.TaggedError<Unauthorized>()(
  "Unauthorized",
  { error: Schema.String },
  { httpApiStatus: 401, description: "The token is missing, unknown, expired or revoked." }
) {}

export class InvalidAccessCode extends Schema.TaggedError<InvalidAccessCode>()(
  "InvalidAccessCode",
  { error: Schema.String },
  { httpApiStatus: 401, description: "The access code is wrong." }
) {}

export class NotFound extends Schema.TaggedError<NotFound>()(
  "NotFound",
  { error: Schema.String },
  { httpApiStatus: 404, description: "The resource does not exist." }
) {}

export class Conflict extends Schema.TaggedError<Conflict>()(
  "Conflict",
  { error: Schema.String },
  { httpApiStatus: 409, description: "The current state does not allow the request." }
) {}

export class NotAdmitted extends Schema.TaggedError<NotAdmitted>()(
  "NotAdmitted",
  { error: Schema.String, reason: Reason, cleared: Schema.Array(Schema.String) },
  { httpApiStatus: 409, description: "The issue cannot be dispatched now; the response has the reason." }
) {}

export class TooManyAttempts extends Schema.TaggedError<TooManyAttempts>()(
  "TooManyAttempts",
  { error: Schema.String, retryAfter: Schema.Int },
  { httpApiStatus: 429, description: "Too many wrong access codes; retry after retryAfter seconds." }
) {}

export class TooManyCalls extends Schema.TaggedError<TooManyCalls>()(
  "TooManyCalls",
  { error: Schema.String, retryAfter: Schema.Int },
  {
    httpApiStatus: 429,
    description:
      "The run makes more calls, sends more bytes or waits for more questions than it may; retry after retryAfter seconds."
  }
) {}

export class TooManyStreams extends Schema.TaggedError<TooManyStreams>()(
  "TooManyStreams",
  { error: Schema.String, retryAfter: Schema.Int },
  {
    httpApiStatus: 429,
    description: "The event stream has its maximum number of clients; retry after retryAfter seconds."
  }
) {}

export class UpstreamRefused extends Schema.TaggedError<UpstreamRefused>()(
  "UpstreamRefused",
  { error: Schema.String },
  { httpApiStatus: 422, description: "An upstream rejects the request." }
) {}

export class UpstreamUnavailable extends Schema.TaggedError<UpstreamUnavailable>()(
  "UpstreamUnavailable",
  { error: Schema.String, retryAfter: Schema.optionalKey(Schema.Int) },
  {
    httpApiStatus: 503,
    description:
      "An upstream is down, busy (retry after retryAfter seconds) or not configured; the message names the setting."
  }
) {}
