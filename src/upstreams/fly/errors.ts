import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import { numberIn, waitOf } from "../client/limits.ts"
import { hostOf, networkFault } from "../client/network.ts"
import { redactVendorMessage } from "../client/redact.ts"
import { UpstreamError, type UpstreamReason } from "../UpstreamError.ts"

export interface UpstreamCall {
  /** The method, as spans and errors name it. */
  readonly name: string
  /** What was asked for, after "to": for the operator. */
  readonly to: string
  /** What it means that Fly does not find it, and what to do. */
  readonly absent?: string
  /** What is known when no answer came. */
  readonly unanswered?: string
  /** What Fly says may repeat what it was given, and is not told. */
  readonly discreet?: boolean
  /** Values that were sent in trust: Fly's reason is told without them. */
  readonly given?: ReadonlyArray<string>
}

export interface Failure {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly data: unknown
}

type Classified = readonly [reason: UpstreamReason, message: string]

const unavailable: UpstreamReason = { _tag: "Unavailable", delivery: "unknown" }
const rejected: UpstreamReason = { _tag: "Rejected", undeclaredInputs: [] }

const fail = ({ name }: Pick<UpstreamCall, "name">, [reason, message]: Classified) =>
  new UpstreamError({ upstream: "fly", operation: name, reason, message })

const unanswered = (asked: UpstreamCall) =>
  asked.unanswered ?? "Nothing is concluded from that; asking again is safe."

export const notConfigured = (name: string) =>
  fail({ name }, [
    { _tag: "NotConfigured", missing: ["FLY_SESSIONS_TOKEN"] },
    "Fly is not asked: FLY_SESSIONS_TOKEN is not set. Set it to a token for the app of the sessions and start again."
  ])

export const imageMissing = (name: string) =>
  fail({ name }, [
    { _tag: "NotConfigured", missing: ["SESSION_IMAGE"] },
    "Fly is not asked: SESSION_IMAGE is not set. Set it to the image of the session machines and start again."
  ])

export const heldBack = (asked: UpstreamCall) =>
  fail(asked, [
    { _tag: "Unavailable", delivery: "not_sent" },
    `Fly was not asked to ${asked.to}: its turn came too late. Nothing was sent; it is tried again.`
  ])

export const timedOut = (asked: UpstreamCall, after: Duration.Duration) =>
  fail(asked, [
    unavailable,
    `Fly did not answer within ${Duration.toSeconds(after)} s when asked to ${asked.to}. ${unanswered(asked)}`
  ])

/** An answer of success that was cut off, or is not what it should be. */
export const unexpected = (asked: UpstreamCall, text: string) =>
  text === ""
    ? fail(asked, [
        unavailable,
        `Fly's answer to the request to ${asked.to} was cut off. ${unanswered(asked)}`
      ])
    : fail(asked, [
        { _tag: "Malformed" },
        `Fly's answer to the request to ${asked.to} cannot be understood. Check that FLY_API_URL is Fly's Machines API.`
      ])

const saidIn = (data: unknown) =>
  Predicate.isObject(data) && typeof data["error"] === "string" ? data["error"] : ""

const statedReason = ({ discreet = false, given }: UpstreamCall, data: unknown) =>
  discreet ? "its reason is not shown, as it may repeat a value" : redactVendorMessage(saidIn(data), given)

/** Fly's word for a name in use has changed over the years, and so has the status. */
export const isNameTaken = ({ data, status }: Failure) =>
  (status === 409 || status === 422) && /already_exists|name_taken|unique machine name/.test(saidIn(data))

const hasNoRoom = (data: unknown) =>
  (Predicate.isObject(data) && data["status"] === "insufficient_capacity") ||
  /no capacity|insufficient (?:capacity|cpus|memory|resources)/i.test(saidIn(data))

const classify = (asked: UpstreamCall, { data, headers, status }: Failure): Classified => {
  if (status === 401) {
    return [
      { _tag: "Unauthorized" },
      `Fly refuses the token and did not ${asked.to}. Check that FLY_SESSIONS_TOKEN is right and has not expired.`
    ]
  }
  if (status === 403) {
    return [
      rejected,
      `Fly does not allow the token to ${asked.to}: ${statedReason(asked, data)}. Nothing was changed. Set FLY_SESSIONS_TOKEN to a token for that app.`
    ]
  }
  if (status === 404) {
    const meaning = asked.absent ?? "it does not exist, or the token may not see it"
    return [{ _tag: "NotFound" }, `Fly refused to ${asked.to}: ${meaning}.`]
  }
  if (status === 429) {
    const seconds = waitOf(numberIn(headers["retry-after"]) ?? 1)
    return [
      { _tag: "RateLimited", retryAfter: seconds },
      `Fly's rate limit is used up; it did not ${asked.to}. It opens again in ${seconds} s.`
    ]
  }
  if (hasNoRoom(data)) {
    return [
      rejected,
      `Fly has no room to ${asked.to}: ${statedReason(asked, data)}. Nothing was changed. Try again later, or choose another region or a smaller machine.`
    ]
  }
  if (status >= 500 || status === 408) {
    return [unavailable, `Fly failed (${status}) when asked to ${asked.to}. ${unanswered(asked)}`]
  }
  if (status < 400) {
    return [
      { _tag: "Malformed" },
      `Fly sent the request to ${asked.to} elsewhere (${status}); it was not followed. Check that FLY_API_URL is Fly's Machines API.`
    ]
  }
  return [rejected, `Fly refused to ${asked.to}: ${statedReason(asked, data)}. Nothing was changed.`]
}

export const refused = (asked: UpstreamCall, failure: Failure) => fail(asked, classify(asked, failure))

/** A request that got no answer. */
export const broken = (asked: UpstreamCall, url: string, cause: unknown) => {
  const { code, delivery } = networkFault(cause)
  return fail(asked, [
    { _tag: "Unavailable", delivery },
    delivery === "not_sent"
      ? `Fly cannot be reached at ${hostOf(url)} (${code}) to ${asked.to}. Nothing was sent; check FLY_API_URL and the network.`
      : `The connection to Fly broke (${code ?? "no reason given"}) when it was asked to ${asked.to}. ${unanswered(asked)}`
  ])
}
