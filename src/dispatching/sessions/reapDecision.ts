import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { ObservedRun } from "../../upstreams/RunBackends.ts"

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
  /** The dispatch is live and is stopped first. */
  | { readonly _tag: "Stop"; readonly reason: string }

const leave: ReapDecision = { _tag: "Leave" }
const maxAge = Duration.hours(4)
const settlementGrace = Duration.minutes(1)
const stopGrace = Duration.minutes(10)

/**
 * What the reaper does with a machine of this orchestrator. It destroys the machine after its dispatch has ended or
 * after 4 h; a longer deadline counts with 10 min to stop. A machine of an unknown dispatch stays.
 */
export const reapDecision = (
  machine: Pick<ObservedRun, "createdAt">,
  dispatch: ReapedDispatch | null,
  now: DateTime.Utc
): ReapDecision => {
  if (dispatch === null) return leave
  const age = DateTime.distance(machine.createdAt, now)
  if (dispatch.live) {
    const limit = Duration.max(maxAge, Duration.sum(Duration.minutes(dispatch.deadlineMinutes), stopGrace))
    if (Duration.isLessThanOrEqualTo(age, limit)) return leave
    return { _tag: "Stop", reason: `older than ${Math.round(Duration.toHours(limit) * 10) / 10} hours` }
  }
  if (dispatch.destroying || dispatch.finishedAt === null) return leave
  const ended = DateTime.distance(dispatch.finishedAt, now)
  return Duration.isLessThan(ended, settlementGrace)
    ? leave
    : { _tag: "Destroy", reason: `the dispatch of ${dispatch.issueIdentifier} has ended` }
}
