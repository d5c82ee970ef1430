import * as Schema from "effect/Schema"
import { Upstream } from "../domain/Reason.ts"

/**
 * What went wrong with a call to Linear, GitHub or Fly.
 * `Unavailable.delivery` is `not_sent` only when the request certainly never left (refused connection, unknown host).
 * `RateLimited.retryAfter` and `Unavailable.retryAfter` are seconds.
 */
export const UpstreamReason = Schema.Union([
  Schema.TaggedStruct("Unauthorized", {}),
  Schema.TaggedStruct("NotFound", {}),
  Schema.TaggedStruct("RateLimited", { retryAfter: Schema.Finite }),
  Schema.TaggedStruct("Unavailable", { delivery: Schema.Literals(["not_sent", "unknown"]) }),
  Schema.TaggedStruct("Rejected", {
    undeclaredInputs: Schema.Array(Schema.String),
    /** How many inputs a launch may have at this server. */
    maxInputs: Schema.optionalKey(Schema.Int)
  }),
  Schema.TaggedStruct("Malformed", {}),
  Schema.TaggedStruct("NotConfigured", { missing: Schema.Array(Schema.String) })
])
export type UpstreamReason = typeof UpstreamReason.Type

/** A failed upstream call; `message` is for the operator and holds no payload, token or query. */
export class UpstreamError extends Schema.TaggedError<UpstreamError>()("UpstreamError", {
  upstream: Upstream,
  operation: Schema.String,
  reason: UpstreamReason,
  message: Schema.String
}) {}

export const isNotFound = ({ reason }: UpstreamError) => reason._tag === "NotFound"

/** The upstream answered, and does not allow or does not know what was asked for. */
export const isRefusal = (error: UpstreamError) => isNotFound(error) || error.reason._tag === "Rejected"

/** Whether the error proves that nothing was changed. */
export const isCertain = ({ reason }: UpstreamError) =>
  reason._tag === "Unavailable" ? reason.delivery === "not_sent" : reason._tag !== "Malformed"
