import * as Schema from "effect/Schema"
import { Reason } from "../domain/Reason.ts"

const FieldIssue = Schema.Struct({ path: Schema.String, message: Schema.String })

export class Invalid extends Schema.TaggedError<Invalid>()(
  "Invalid",
  { error: Schema.String, issues: Schema.Array(FieldIssue) },
  {
    httpApiStatus: 400,
    description: "The request does not have the form of the route; every problem is listed."
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
  { httpApiStatus: 404, description: "There is no such thing." }
) {}

export class Conflict extends Schema.TaggedError<Conflict>()(
  "Conflict",
  { error: Schema.String },
  { httpApiStatus: 409, description: "The state of it does not allow that now." }
) {}

export class NotAdmitted extends Schema.TaggedError<NotAdmitted>()(
  "NotAdmitted",
  { error: Schema.String, reason: Reason, cleared: Schema.Array(Schema.String) },
  { httpApiStatus: 409, description: "The issue may not be dispatched now, and why." }
) {}

export class TooManyAttempts extends Schema.TaggedError<TooManyAttempts>()(
  "TooManyAttempts",
  { error: Schema.String, retryAfter: Schema.Int },
  { httpApiStatus: 429, description: "Too many wrong access codes; try again after the seconds told." }
) {}

export class TooManyStreams extends Schema.TaggedError<TooManyStreams>()(
  "TooManyStreams",
  { error: Schema.String, retryAfter: Schema.Int },
  {
    httpApiStatus: 429,
    description: "As many follow the events as one process bears; try again after the seconds told."
  }
) {}

export class UpstreamRefused extends Schema.TaggedError<UpstreamRefused>()(
  "UpstreamRefused",
  { error: Schema.String },
  { httpApiStatus: 422, description: "An upstream understood what was asked, and refuses it." }
) {}

export class UpstreamUnavailable extends Schema.TaggedError<UpstreamUnavailable>()(
  "UpstreamUnavailable",
  { error: Schema.String, retryAfter: Schema.optionalKey(Schema.Int) },
  {
    httpApiStatus: 503,
    description:
      "An upstream is down, busy (try again after the seconds told) or not configured; the message names the setting."
  }
) {}
