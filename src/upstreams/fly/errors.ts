import * as Predicate from "effect/Predicate"
import { type Answer, type Classified, makeErrors, rejected, type UpstreamCall } from "../client/errors.ts"
import { numberIn, waitOf } from "../client/limits.ts"

export const errors = makeErrors({
  upstream: "fly",
  title: "Fly",
  url: { setting: "FLY_API_URL", meaning: "Fly's Machines API" },
  check: "Check the app and its quota on Fly, and what was sent to it.",
  phrases: [
    "could not reserve resource for machine: insufficient memory available to fulfill request",
    "could not reserve resource for machine: insufficient CPUs available to fulfill request",
    "insufficient memory available to fulfill request",
    "insufficient CPUs available",
    "insufficient resources to create a machine",
    "insufficient resources to create new machine with existing volume",
    "insufficient resources",
    "insufficient capacity",
    "no capacity available in {value}",
    "no capacity",
    "your organization has reached its machine limit. Please contact billing@fly.io",
    "your organization has reached its machine limit",
    "your account has overdue invoices",
    "we need your payment information to continue",
    "region {value} not found",
    "secret {value} not found",
    "secrets have no version {number} yet",
    "invalid secret name",
    "invalid config.guest.cpu_kind: {value}",
    "invalid config.guest.cpus: {number}",
    "invalid config.guest.memory_mb: {number}, must be in a {number} MiB increment",
    "invalid config.guest.memory_mb: {number}, must be between {number} and {number} MiB",
    "invalid config.guest.memory_mb, minimum required {number} MiB",
    "invalid config.guest.memory_mb, cannot exceed {number} MiB",
    "invalid memory size {number}; must be in {number} MiB increment",
    "invalid config.image: must not be empty",
    "failed to get manifest {value}",
    "manifest unknown",
    "invalid config",
    "config is required",
    "not allowed for this token",
    "unable to stop machine from current state"
  ]
})

export const imageMissing = (name: string) =>
  errors.notConfigured(name, ["SESSION_IMAGE"], "Set it to the image of the session machines and restart.")

const textIn = (data: unknown) =>
  Predicate.isObject(data) && typeof data["error"] === "string" ? data["error"] : ""

/** Fly's text for a name in use has changed over the years, and so has the status. */
export const isNameTaken = ({ data, status }: Answer) =>
  (status === 409 || status === 422) && /already_exists|name_taken|unique machine name/.test(textIn(data))

export const isGone = ({ status }: Answer) => (status === 404 ? ("gone" as const) : undefined)

const hasNoRoom = (data: unknown) =>
  (Predicate.isObject(data) && data["status"] === "insufficient_capacity") ||
  /no capacity|insufficient (?:capacity|cpus|memory|resources)/i.test(textIn(data))

export const retryAfter = ({ headers }: Answer) => waitOf(numberIn(headers["retry-after"]) ?? 1)

export const refusal = (call: UpstreamCall, answer: Answer): Classified | null => {
  const { data, status } = answer
  const text = textIn(data)
  if (status < 300) return null
  if (status === 401) {
    return [
      { _tag: "Unauthorized" },
      `Fly refuses the token and did not ${call.to}. Check that FLY_SESSIONS_TOKEN is right and has not expired.`
    ]
  }
  if (status === 403) {
    return [
      rejected,
      `Fly does not allow the token to ${call.to}: ${errors.stated(call, status, text)}. Nothing was changed. Set FLY_SESSIONS_TOKEN to a token for that app.`
    ]
  }
  if (status === 404) return errors.notFound(call, "it does not exist, or the token may not see it")
  if (status === 429) return errors.rateLimited(call, retryAfter(answer))
  if (hasNoRoom(data)) {
    return [
      rejected,
      `Fly has no room to ${call.to}: ${errors.stated(call, status, text)}. Nothing was changed. Try again later, or choose another region or a smaller machine.`
    ]
  }
  if (status >= 500 || status === 408) return errors.failed(call, status)
  if (status < 400) return errors.elsewhere(call, status)
  return errors.refused(call, status, text)
}
