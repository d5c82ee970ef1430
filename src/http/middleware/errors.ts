import {
  Conflict,
  NotAdmitted,
  NotFound,
  Unauthorized,
  UpstreamRefused,
  UpstreamUnavailable
} from "../../api/Errors.ts"
import type { NotAdmitted as Refused } from "../../dispatching/dispatches/Dispatches.ts"
import { describeReason } from "../../domain/describeReason.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"

/** A domain error whose sentence is the operator's. */
interface WithMessage {
  readonly message: string
}

export const notFound = ({ message }: WithMessage) => new NotFound({ error: message })

export const conflict = ({ message }: WithMessage) => new Conflict({ error: message })

export const notAdmitted = ({ cleared, reason }: Refused) =>
  new NotAdmitted({
    error: `Nothing was dispatched, because ${describeReason(reason)}.${
      cleared.length === 0 ? "" : ` Cleared: ${cleared.join(", ")}.`
    }`,
    reason,
    cleared
  })

export const unavailable = ({ message }: WithMessage) => new UpstreamUnavailable({ error: message })

/** An upstream that answers, but refuses; or does not. */
export const refused = ({ message, reason }: UpstreamError) => {
  switch (reason._tag) {
    case "Rejected":
      return new UpstreamRefused({ error: message })
    case "RateLimited":
      return new UpstreamUnavailable({ error: message, retryAfter: Math.ceil(reason.retryAfter) })
    default:
      return unavailable({ message })
  }
}

export const unauthorized = ({ message }: WithMessage) => new Unauthorized({ error: message })
