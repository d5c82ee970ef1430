import type * as DateTime from "effect/DateTime"
import type { UpstreamError } from "../UpstreamError.ts"

export interface Health {
  readonly state: "ok" | "degraded" | "down"
  readonly since: DateTime.Utc
  readonly error: string | null
  readonly faults: number
}

const downAfter = 3

const isFault = (error: UpstreamError) => {
  switch (error.reason._tag) {
    case "Unavailable":
    case "Malformed":
    case "Unauthorized":
    case "RateLimited":
      return true
    case "NotFound":
    case "Rejected":
    case "NotConfigured":
      return false
  }
}

/** The health after one more call; `error` null for success. Three faults in a row, or a refused key, mean down. */
export const nextHealth = (
  previous: Health | null,
  error: UpstreamError | null,
  now: DateTime.Utc
): Health => {
  if (error !== null && error.reason._tag === "NotConfigured" && previous !== null) return previous
  if (error === null || !isFault(error)) {
    return previous?.state === "ok" ? previous : { state: "ok", since: now, error: null, faults: 0 }
  }
  const faults = (previous?.faults ?? 0) + 1
  const down =
    error.reason._tag === "Unauthorized" || (faults >= downAfter && error.reason._tag !== "RateLimited")
  const state = down || previous?.state === "down" ? "down" : "degraded"
  return {
    state,
    since: previous?.state === state ? previous.since : now,
    error: error.message,
    faults
  }
}
