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
  /** What it means that GitHub does not find it, and what to do. */
  readonly absent?: string
  /** What is known when no answer came. */
  readonly unanswered?: string
}

export interface Failure {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | undefined>>
  readonly data: unknown
}

type Classified = readonly [reason: UpstreamReason, message: string]

const unavailable: UpstreamReason = { _tag: "Unavailable", delivery: "unknown" }
const rejected: UpstreamReason = { _tag: "Rejected", undeclaredInputs: [] }

export const fail = ({ name }: Pick<UpstreamCall, "name">, [reason, message]: Classified) =>
  new UpstreamError({ upstream: "github", operation: name, reason, message })

const unanswered = (asked: UpstreamCall) =>
  asked.unanswered ?? "Nothing is concluded from that; asking again is safe."

export const timedOut = (asked: UpstreamCall, after: Duration.Duration) =>
  fail(asked, [
    unavailable,
    `GitHub did not answer within ${Duration.toSeconds(after)} s when asked to ${asked.to}. ${unanswered(asked)}`
  ])

export const notConfigured = (name: string, missing: ReadonlyArray<string>) =>
  fail({ name }, [
    { _tag: "NotConfigured", missing },
    `GitHub is not asked: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set. Set what is missing and start again.`
  ])

export const badKey = (asked: UpstreamCall) =>
  fail(asked, [
    { _tag: "NotConfigured", missing: ["GITHUB_APP_PRIVATE_KEY"] },
    `GITHUB_APP_PRIVATE_KEY cannot be used to sign, so GitHub was not asked to ${asked.to}. Set it to the PEM text of the App's RSA private key.`
  ])

/** An answer of success with a body that is not what it should be; an empty one was cut off on its way. */
export const unexpected = (asked: UpstreamCall, data: unknown) =>
  data === ""
    ? fail(asked, [
        unavailable,
        `GitHub's answer to the request to ${asked.to} was cut off. ${unanswered(asked)}`
      ])
    : fail(asked, [
        { _tag: "Malformed" },
        `GitHub's answer to the request to ${asked.to} cannot be understood. Check that GITHUB_API_URL is GitHub's API.`
      ])

const saidIn = (data: unknown) =>
  Predicate.isObject(data) && typeof data["message"] === "string" ? data["message"] : ""

const retryAfter = ({ data, headers, status }: Failure, now: number) => {
  if (status !== 403 && status !== 429) return undefined
  const given = numberIn(headers["retry-after"])
  if (given !== undefined) return waitOf(given)
  const reset = numberIn(headers["x-ratelimit-reset"])
  if (headers["x-ratelimit-remaining"] === "0" && reset !== undefined) {
    return waitOf(reset - now / 1000)
  }
  return status === 429 || /rate limit/i.test(saidIn(data)) ? 60 : undefined
}

/** Of what GitHub names, only what can be a name of ours. */
const undeclaredIn = (data: unknown): ReadonlyArray<string> => {
  const list = /Unexpected inputs provided: \[(.*?)\]/.exec(saidIn(data))?.[1] ?? ""
  return [...list.matchAll(/"([a-z]+(?:_[a-z]+)*)"/g)].flatMap(([, name]) =>
    name === undefined ? [] : [name]
  )
}

/** As GitHub writes what is needed: `actions=write; contents=read`. */
const permissions = /^[a-z_]+=(?:read|write|admin)(?:[,;] ?[a-z_]+=(?:read|write|admin))*$/

const forbidden = (asked: UpstreamCall, { data, headers }: Failure): Classified => {
  const needed = String(headers["x-accepted-github-permissions"])
  const remedy = permissions.test(needed)
    ? `It needs the permission ${needed.replaceAll("=", ": ")}: grant it in the App's settings and accept it for the installation`
    : "Check the App's permissions and its installation"
  return [
    rejected,
    `GitHub does not allow the App to ${asked.to}: ${redactVendorMessage(saidIn(data))}. Nothing was changed. ${remedy}.`
  ]
}

const answered = (asked: UpstreamCall, failure: Failure, now: number): Classified => {
  const { data, status } = failure
  const seconds = retryAfter(failure, now)
  if (seconds !== undefined) {
    return [
      { _tag: "RateLimited", retryAfter: seconds },
      `GitHub's rate limit is used up; it did not ${asked.to}. It opens again in ${seconds} s.`
    ]
  }
  if (status === 401 || /integration not found/i.test(saidIn(data))) {
    return [
      { _tag: "Unauthorized" },
      `GitHub refuses the App's credentials and did not ${asked.to}. Check that GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY belong together and are still valid.`
    ]
  }
  if (status === 403) return forbidden(asked, failure)
  if (status === 404 || status === 410) {
    const meaning = asked.absent ?? "it does not exist, or the App may not see it"
    return [{ _tag: "NotFound" }, `GitHub refused to ${asked.to}: ${meaning}.`]
  }
  if (status >= 500) {
    return [unavailable, `GitHub failed (${status}) when asked to ${asked.to}. ${unanswered(asked)}`]
  }
  const undeclaredInputs = undeclaredIn(data)
  const meaning =
    undeclaredInputs.length > 0
      ? `the workflow does not declare the inputs ${undeclaredInputs.join(", ")}`
      : redactVendorMessage(saidIn(data))
  return [
    { _tag: "Rejected", undeclaredInputs },
    `GitHub refused to ${asked.to}: ${meaning}. Nothing was changed.`
  ]
}

export const refused = (asked: UpstreamCall, failure: Failure, now: number) =>
  fail(asked, answered(asked, failure, now))

/** A request that got no answer. */
export const broken = (asked: UpstreamCall, url: string, cause: unknown) => {
  const { code, delivery } = networkFault(cause)
  return fail(asked, [
    { _tag: "Unavailable", delivery },
    delivery === "not_sent"
      ? `GitHub cannot be reached at ${hostOf(url)} (${code}) to ${asked.to}. Nothing was sent; check GITHUB_API_URL and the network.`
      : `The connection to GitHub broke (${code ?? "no reason given"}) when it was asked to ${asked.to}. ${unanswered(asked)}`
  ])
}
