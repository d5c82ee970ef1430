import * as Duration from "effect/Duration"
import type { LinearError, LinearErrorType, LinearGraphQLError } from "@linear/sdk"
import { type Answer, type Classified, makeErrors, malformed, type UpstreamCall } from "../client/errors.ts"
import { type Limited, limitedSeconds, maxPages, numberIn, waitOf } from "../client/limits.ts"

export interface LinearAnswer extends Answer {
  /** Present when it is no success, whatever the status. */
  readonly error: LinearError | null
}

export const errors = makeErrors({
  upstream: "linear",
  title: "Linear",
  url: { setting: "LINEAR_API_URL", meaning: "Linear's GraphQL endpoint" },
  check: "Check the issue and its team in Linear, and what the user of LINEAR_API_KEY may do there.",
  names: (
    "id issueId parentId body name teamId stateId first after labelIds addedLabelIds removedLabelIds " +
    "Issue Comment IssueLabel Team WorkflowState User Webhook url secret resourceTypes title description"
  ).split(" "),
  phrases: [
    "{value} must be a UUID",
    "{value} must not be empty",
    "{value} should not be empty",
    "{value} must not be less than {number}",
    "{value} must not be greater than {number}",
    "{value} must be shorter than or equal to {number} characters",
    "{value} must contain no more than {number} elements",
    "could not find referenced {value}",
    "entity {value} with id {value} already exists",
    'a label with the name "{value}" already exists',
    "duplicate label name",
    "the state, cycle or project does not belong to the issue's team",
    "the label '{value}' is not associated with the same team",
    "labelIds not exclusive child labels",
    "labelIds for incorrect team",
    "conflict on insert of {value}"
  ]
})

export const endless = (call: UpstreamCall) =>
  errors.fail(call, [
    malformed,
    `Linear announces more than ${maxPages} pages of labels and could not ${call.to}. Nothing is concluded from the part that was read; remove labels that are not needed, or report it to Linear.`
  ])

export const inTrash = (call: UpstreamCall) =>
  errors.fail(call, [
    { _tag: "NotFound" },
    `Linear could not ${call.to}: it is in the trash. Nothing was changed; restore it in Linear to continue with it.`
  ])

const faults = new Set<string | undefined>(["InternalError", "LockTimeout", "NetworkError", "BootstrapError"])

const meanings: Partial<Record<LinearErrorType, string>> = {
  Forbidden: "the user of LINEAR_API_KEY may not do that",
  FeatureNotAccessible: "the workspace's plan does not include that",
  UsageLimitExceeded: "a usage limit of the workspace is reached",
  InvalidInput: "it does not accept a value that was sent"
}

const isUnknown = ({ type, userError }: LinearGraphQLError) =>
  userError !== true && (type === "Unknown" || type === "Other")

export const maxWait = Duration.minutes(5)

// Linear's limiter refills all the time: its reset is when it would be full, which no one has to wait for.
const retryAfter = (headers: Answer["headers"], { waits }: Limited) => {
  const seconds = limitedSeconds(waits, maxWait)
  return waitOf(Math.min(numberIn(headers["retry-after"]) ?? seconds, seconds))
}

export const isRateLimited = ({ error, status }: LinearAnswer) =>
  error !== null &&
  (error.errors?.[0]?.type ?? (status === 429 ? "Ratelimited" : undefined)) === "Ratelimited"

const textIn = (error: LinearError) => {
  const raw = error.raw?.response?.errors?.[0]
  return [raw?.extensions?.userPresentableMessage, raw?.message]
    .filter((text) => typeof text === "string")
    .join("\n")
}

export const refusal = (call: UpstreamCall, answer: LinearAnswer, limited: Limited): Classified | null => {
  const { error, headers, status } = answer
  if (error === null) return null
  const first = error.errors?.[0]
  const type = first?.type
  if (isRateLimited(answer)) return errors.rateLimited(call, retryAfter(headers, limited))
  if (type === "AuthenticationError" || (first === undefined && (status === 401 || status === 403))) {
    return [
      { _tag: "Unauthorized" },
      `Linear refuses the key and did not ${call.to}. Nothing was changed; set LINEAR_API_KEY to a valid key and restart.`
    ]
  }
  if (status >= 500 || faults.has(type) || (first !== undefined && isUnknown(first))) {
    return errors.failed(call, status)
  }
  if (first === undefined) return errors.notUnderstood(call)
  if (/^entity not found/i.test(error.message)) {
    return [
      { _tag: "NotFound" },
      `Linear could not ${call.to}: ${errors.stated(call, status, textIn(error))}. It was deleted, or the key may not see it.`
    ]
  }
  return errors.refused(call, status, textIn(error), type === undefined ? undefined : meanings[type])
}
