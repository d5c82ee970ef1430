import type { LinearError, LinearGraphQLError } from "@linear/sdk"
import * as Duration from "effect/Duration"
import { maxPages, numberIn, waitOf } from "../client/limits.ts"
import { hostOf, networkFault } from "../client/network.ts"
import { redactVendorMessage } from "../client/redact.ts"
import { UpstreamError, type UpstreamReason } from "../UpstreamError.ts"
import { budgetsOf } from "./budgets.ts"

export interface UpstreamCall {
  /** The method, as spans and errors name it. */
  readonly operation: string
  /** What was asked for, after "to": for the operator. */
  readonly to: string
  /** A write: without an answer it may have been done. */
  readonly writes?: boolean
}

type Classified = readonly [reason: UpstreamReason, message: string]

const unavailable: UpstreamReason = { _tag: "Unavailable", delivery: "unknown" }
const malformed: UpstreamReason = { _tag: "Malformed" }
const rejected: UpstreamReason = { _tag: "Rejected", undeclaredInputs: [] }

const unanswered = ({ writes = false }: UpstreamCall) =>
  writes
    ? "Whether it was done is not known; asking again is safe."
    : "Nothing is concluded from that; asking again is safe."

const fail = ({ operation }: Pick<UpstreamCall, "operation">, [reason, message]: Classified) =>
  new UpstreamError({ upstream: "linear", operation, reason, message })

export const timedOut = (asked: UpstreamCall, after: Duration.Duration) =>
  fail(asked, [
    unavailable,
    `Linear did not answer within ${Duration.toSeconds(after)} s when asked to ${asked.to}. ${unanswered(asked)}`
  ])

export const notConfigured = (operation: string) =>
  fail({ operation }, [
    { _tag: "NotConfigured", missing: ["LINEAR_API_KEY"] },
    "Linear is not asked: LINEAR_API_KEY is not set. Set it and start again."
  ])

export const unexpected = (asked: UpstreamCall) =>
  fail(asked, [
    malformed,
    `Linear's answer to the request to ${asked.to} cannot be understood. Nothing was concluded from it; check that LINEAR_API_URL is Linear's GraphQL endpoint.`
  ])

export const endless = (asked: UpstreamCall) =>
  fail(asked, [
    malformed,
    `Linear announces more than ${maxPages} pages of labels and could not ${asked.to}. Nothing was concluded from the part that was read; remove labels that nobody needs, or report it to Linear.`
  ])

export const gone = (asked: UpstreamCall) =>
  fail(asked, [
    { _tag: "NotFound" },
    `Linear could not ${asked.to}: it is in the trash. Nothing was changed; restore it in Linear to go on with it.`
  ])

const own = new Set<string | undefined>(["InternalError", "LockTimeout", "NetworkError", "BootstrapError"])

const presentable = (error: LinearError) =>
  redactVendorMessage(error.raw?.response?.errors?.[0]?.extensions?.userPresentableMessage)

const isUnknown = ({ type, userError }: LinearGraphQLError) =>
  userError !== true && (type === "Unknown" || type === "Other")

const retryAfter = (headers: Headers | undefined, now: number) => {
  const given = numberIn(headers?.get("retry-after"))
  if (given !== undefined) return waitOf(given)
  const resets = budgetsOf(headers)
    .filter(({ remaining }) => remaining <= 0)
    .map(({ resetAt }) => (resetAt.epochMilliseconds - now) / 1000)
  return waitOf(Math.max(...(resets.length > 0 ? resets : [60])))
}

const answered = (asked: UpstreamCall, error: LinearError, now: number): Classified => {
  const status = error.status ?? 0
  const first = error.errors?.[0]
  const type = first?.type ?? (status === 429 ? "Ratelimited" : undefined)
  if (type === "Ratelimited") {
    const seconds = retryAfter(error.raw?.response?.headers, now)
    return [
      { _tag: "RateLimited", retryAfter: seconds },
      `Linear's rate limit is used up; it did not ${asked.to}. It opens again in ${seconds} s.`
    ]
  }
  if (type === "AuthenticationError" || (first === undefined && (status === 401 || status === 403))) {
    return [
      { _tag: "Unauthorized" },
      `Linear refuses the key and did not ${asked.to}. Nothing was changed; set LINEAR_API_KEY to a valid key and restart.`
    ]
  }
  if (status >= 500 || own.has(type) || (first !== undefined && isUnknown(first))) {
    return [unavailable, `Linear failed (${status}) when asked to ${asked.to}. ${unanswered(asked)}`]
  }
  if (first === undefined) return [malformed, unexpected(asked).message]
  if (/^entity not found/i.test(error.message)) {
    return [
      { _tag: "NotFound" },
      `Linear could not ${asked.to}: ${presentable(error)}. It was deleted, or the key may not see it.`
    ]
  }
  return [rejected, `Linear refused to ${asked.to}: ${presentable(error)}. Nothing was changed.`]
}

export interface Failure {
  readonly cause: unknown
  /** The cause, when Linear has answered. */
  readonly answer: LinearError | null
}

/** What a failed request to Linear means. */
export const toUpstreamError = (
  asked: UpstreamCall,
  url: string,
  { answer, cause }: Failure,
  now: number
): UpstreamError => {
  if (answer !== null) return fail(asked, answered(asked, answer, now))
  if (cause instanceof SyntaxError) return unexpected(asked)
  const { code, delivery } = networkFault(cause)
  if (delivery === "not_sent") {
    return fail(asked, [
      { _tag: "Unavailable", delivery },
      `Linear cannot be reached at ${hostOf(url)} (${code}) to ${asked.to}. Nothing was sent; check LINEAR_API_URL and the network.`
    ])
  }
  return fail(asked, [
    unavailable,
    `The connection to Linear broke (${code ?? "no reason given"}) when it was asked to ${asked.to}. ${unanswered(asked)}`
  ])
}
