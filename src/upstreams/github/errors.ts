import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import { runDetails, workflowInputs } from "../../domain/WorkflowInputs.ts"
import { type Answer, type Classified, makeErrors, rejected, type UpstreamCall } from "../client/errors.ts"
import { type Limited, limitedSeconds, numberIn, waitOf } from "../client/limits.ts"

const inputNames: ReadonlyArray<string> = [
  ...new Set([...workflowInputs.planning, ...workflowInputs.implementation])
]

export const errors = makeErrors({
  upstream: "github",
  title: "GitHub",
  url: { setting: "GITHUB_API_URL", meaning: "GitHub's API" },
  check: "Check the repository, its workflow file and its Actions settings on GitHub, and the mapping.",
  names: inputNames,
  phrases: [
    "no ref found for: {value}",
    "workflow does not have 'workflow_dispatch' trigger",
    "cannot trigger a 'workflow_dispatch' on a disabled workflow",
    "required input '{value}' not provided",
    "you may only define up to {number} `inputs` for a `workflow_dispatch` event",
    "inputs are too large",
    "unexpected inputs provided",
    "failed to parse workflow: (Line: {number}, Col: {number})",
    "failed to parse workflow",
    '"return_run_details" is not a permitted key',
    "Actions has been disabled for this user",
    "Actions has been disabled for this repository",
    "resource not accessible by integration",
    "the permissions requested are not granted to this installation",
    "there is at least one repository that does not exist or is not accessible to the parent installation",
    "this installation has been suspended",
    "has an IP allow list enabled, and your IP address is not permitted to access this resource",
    "must have admin rights to Repository",
    "repository was archived so is read-only",
    "repository access blocked",
    "cannot cancel a workflow run that is completed",
    "problems parsing JSON",
    "validation failed",
    "invalid request"
  ]
})

export const badKey = (call: UpstreamCall) =>
  errors.fail(call, [
    { _tag: "NotConfigured", missing: ["GITHUB_APP_PRIVATE_KEY"] },
    `GITHUB_APP_PRIVATE_KEY cannot be used to sign, so GitHub was not asked to ${call.to}. Set it to the PEM text of the App's RSA private key.`
  ])

const textIn = (data: unknown) =>
  Predicate.isObject(data) && typeof data["message"] === "string" ? data["message"] : ""

export const maxWait = Duration.hours(1)

// A secondary limit may come without a header; its text is the only sign then.
export const isSecondaryLimit = ({ data, headers, status }: Answer) =>
  (status === 429 || (status === 403 && /rate limit|abuse detection/i.test(textIn(data)))) &&
  headers["retry-after"] === undefined &&
  headers["x-ratelimit-remaining"] !== "0"

const retryAfter = (answer: Answer, now: number, limited: Limited | null) => {
  const { headers, status } = answer
  if (status !== 403 && status !== 429) return undefined
  const given = numberIn(headers["retry-after"])
  if (given !== undefined) return waitOf(given)
  const reset = numberIn(headers["x-ratelimit-reset"])
  if (headers["x-ratelimit-remaining"] === "0" && reset !== undefined) {
    return waitOf(reset - now / 1000)
  }
  return isSecondaryLimit(answer) || headers["x-ratelimit-remaining"] === "0"
    ? limitedSeconds(limited?.waits ?? 1, maxWait)
    : undefined
}

const undeclaredIn = (text: string): ReadonlyArray<string> => {
  if (/"return_run_details" is not a permitted key/i.test(text)) return [runDetails]
  const list = /Unexpected inputs provided: \[(.*?)\]/.exec(text)?.[1] ?? ""
  return [...list.matchAll(/"(\w+)"/g)].flatMap(([, name = ""]) => (inputNames.includes(name) ? [name] : []))
}

const maxInputsIn = (text: string) => {
  const [, number] = /only define up to (\d{1,3}) `inputs`/i.exec(text) ?? []
  return number === undefined ? null : Number(number)
}

// As GitHub writes what is needed: `actions=write; contents=read`.
const permissions = /^[a-z_]+=(?:read|write|admin)(?:[,;] ?[a-z_]+=(?:read|write|admin))*$/

const forbidden = (call: UpstreamCall, { data, headers, status }: Answer): Classified => {
  const needed = String(headers["x-accepted-github-permissions"])
  const remedy = permissions.test(needed)
    ? `It needs the permission ${needed.replaceAll("=", ": ")}: grant it in the App's settings and accept it for the installation`
    : "Check the App's permissions and its installation"
  return [
    rejected,
    `GitHub does not allow the App to ${call.to}: ${errors.stated(call, status, textIn(data))}. Nothing was changed. ${remedy}.`
  ]
}

export const refusal = (
  call: UpstreamCall,
  answer: Answer,
  now: number,
  limited: Limited | null = null
): Classified | null => {
  const { data, status } = answer
  const text = textIn(data)
  if (status < 300) return null
  const seconds = retryAfter(answer, now, limited)
  if (seconds !== undefined) return errors.rateLimited(call, seconds)
  if (status === 401 || /integration not found/i.test(text)) {
    return [
      { _tag: "Unauthorized" },
      `GitHub refuses the App's credentials and did not ${call.to}. Check that GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY belong together and are still valid.`
    ]
  }
  if (status === 403) return forbidden(call, answer)
  if (status === 404 || status === 410) {
    return errors.notFound(call, "it does not exist, or the App may not see it")
  }
  if (status >= 500) return errors.failed(call, status)
  if (status < 400) return errors.elsewhere(call, status)
  const maxInputs = maxInputsIn(text)
  if (maxInputs !== null) {
    return [
      { ...rejected, maxInputs },
      `GitHub refused to ${call.to}: it takes at most ${maxInputs} inputs. Nothing was changed.`
    ]
  }
  const undeclaredInputs = undeclaredIn(text)
  if (undeclaredInputs.length === 0) return errors.refused(call, status, text)
  return [
    { _tag: "Rejected", undeclaredInputs },
    undeclaredInputs.includes(runDetails)
      ? `GitHub refused to ${call.to}: this server does not take ${runDetails}. Nothing was changed.`
      : `GitHub refused to ${call.to}: the workflow does not declare the inputs ${undeclaredInputs.join(", ")}. Nothing was changed.`
  ]
}
