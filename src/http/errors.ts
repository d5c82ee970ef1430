import { Conflict, NotAdmitted, NotFound, Unauthorized, UpstreamUnavailable } from "../api/Errors.ts"
import type { IssueConflict, IssueNotFound } from "../Candidates.ts"
import type { DispatchConflict, DispatchNotFound, NotAdmitted as Refused } from "../Dispatches.ts"
import type { NotAuthentic } from "../Runner/errors.ts"
import type { SessionNotFound } from "../Sessions.ts"
import type { PlanConflict } from "../Plans.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import { sayReason } from "../domain/sayReason.ts"

export const notFound = ({ message }: DispatchNotFound | IssueNotFound | SessionNotFound) =>
  new NotFound({ error: message })

export const conflict = ({ message }: DispatchConflict | IssueConflict | PlanConflict) =>
  new Conflict({ error: message })

export const notAdmitted = ({ cleared, reason }: Refused) =>
  new NotAdmitted({
    error: `Nothing was dispatched, because ${sayReason(reason)}.${
      cleared.length === 0 ? "" : ` Cleared: ${cleared.join(", ")}.`
    }`,
    reason,
    cleared
  })

export const unavailable = ({ message }: UpstreamError) => new UpstreamUnavailable({ error: message })

export const unauthorized = ({ message }: NotAuthentic) => new Unauthorized({ error: message })
