import * as DateTime from "effect/DateTime"
import * as Order from "effect/Order"
import type { Phase, Trigger } from "../../domain/Modes.ts"
import { type IssueFacts, isPlanned, judge, type Verdict } from "./decide.ts"
import type { SharedFacts } from "./DispatchContext.ts"

export interface PlannedIssue {
  readonly facts: IssueFacts
  readonly verdict: Verdict
}

const rank = (priority: number) => (priority === 0 ? 5 : priority)

/** Urgent → high → medium → low → none; then planned before not yet planned; then oldest first. */
export const dispatchOrder: Order.Order<IssueFacts> = Order.combineAll([
  Order.mapInput(Order.Number, (facts: IssueFacts) => rank(facts.issue.priority)),
  Order.mapInput(Order.Number, (facts: IssueFacts) => (isPlanned(facts) ? 0 : 1)),
  Order.mapInput(DateTime.Order, (facts: IssueFacts) => facts.issue.createdAt),
  Order.mapInput(Order.String, (facts: IssueFacts) => facts.issue.id)
])

/** One decision per candidate, in dispatch order; each planned dispatch takes a slot of its team, and of its hour. */
export const plan = (
  shared: SharedFacts,
  candidates: ReadonlyArray<IssueFacts>,
  brake: { readonly perHour: number; readonly used: ReadonlyMap<string, number> },
  door: Trigger = "poll",
  wanted: Phase | null = null
): ReadonlyArray<PlannedIssue> => {
  const planned = new Map<string, number>()
  return candidates.toSorted(dispatchOrder).map((facts) => {
    const team = facts.issue.team.key
    const taken = planned.get(team) ?? 0
    const braked = brake.perHour > 0 && (brake.used.get(team) ?? 0) + taken >= brake.perHour
    const verdict = judge(
      shared,
      {
        ...facts,
        used: facts.used + taken,
        brakeUntil: facts.brakeUntil ?? (braked ? DateTime.add(shared.now, { hours: 1 }) : null)
      },
      door,
      wanted
    )
    if (verdict.decision === "dispatch") planned.set(team, taken + 1)
    return { facts, verdict }
  })
}
