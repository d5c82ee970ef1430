import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { ObservedRun } from "../../upstreams/RunBackends.ts"

/** What is known of the dispatch that a machine names. */
export interface ReapedDispatch {
  readonly id: string
  readonly issueIdentifier: string
  readonly live: boolean
  readonly finishedAt: DateTime.Utc | null
  /** Settlement still has to destroy the machine. */
  readonly destroying: boolean
  readonly deadlineMinutes: number
}

export type ReapDecision =
  | { readonly _tag: "Leave" }
  | { readonly _tag: "Destroy"; readonly reason: string }
  /** Its dispatch is live, and is told to stop first. */
  | { readonly _tag: "Stop"; readonly reason: string }

const leave: ReapDecision = { _tag: "Leave" }
const oldest = Duration.hours(4)
const settling = Duration.minutes(1)
const stopping = Duration.minutes(10)

/**
 * What the reaper does with one of our machines: destroyed when its dispatch has ended, or when it is older than four
 * hours. A dispatch that was given more time has that and ten minutes to be stopped. Without a dispatch: left alone.
 */
export const reapDecision = (
  machine: Pick<ObservedRun, "createdAt">,
  dispatch: ReapedDispatch | null,
  now: DateTime.Utc
): ReapDecision => {
  if (dispatch === null) return leave
  const age = DateTime.distance(machine.createdAt, now)
  if (dispatch.live) {
    const most = Duration.max(oldest, Duration.sum(Duration.minutes(dispatch.deadlineMinutes), stopping))
    if (Duration.isLessThanOrEqualTo(age, most)) return leave
    return { _tag: "Stop", reason: `older than ${Math.round(Duration.toHours(most) * 10) / 10} hours` }
  }
  if (dispatch.destroying || dispatch.finishedAt === null) return leave
  const ended = DateTime.distance(dispatch.finishedAt, now)
  return Duration.isLessThan(ended, settling)
    ? leave
    : { _tag: "Destroy", reason: `the dispatch of ${dispatch.issueIdentifier} has ended` }
}
