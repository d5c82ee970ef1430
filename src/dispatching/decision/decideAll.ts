import * as DateTime from "effect/DateTime"
import * as Order from "effect/Order"
import type { Phase, Trigger } from "../../domain/Modes.ts"
import { type IssueFacts, isPlanned, decide, type Decision } from "./decide.ts"
import type { DispatchContext } from "./DispatchContext.ts"

export interface PlannedIssue {
  readonly facts: IssueFacts
  readonly decision: Decision
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
export const decideAll = (
  context: DispatchContext,
  candidates: ReadonlyArray<IssueFacts>,
  hourlyLimit: { readonly perHour: number; readonly used: ReadonlyMap<string, number> },
  trigger: Trigger = "poll",
  wanted: Phase | null = null
): ReadonlyArray<PlannedIssue> => {
  const planned = new Map<string, number>()
  return candidates.toSorted(dispatchOrder).map((facts) => {
    const team = facts.issue.team.key
    const taken = planned.get(team) ?? 0
    const limited =
      hourlyLimit.perHour > 0 && (hourlyLimit.used.get(team) ?? 0) + taken >= hourlyLimit.perHour
    const decision = decide(
      context,
      {
        ...facts,
        used: facts.used + taken,
        hourlyLimitUntil: facts.hourlyLimitUntil ?? (limited ? DateTime.add(context.now, { hours: 1 }) : null)
      },
      trigger,
      wanted
    )
    if (decision.kind === "dispatch") planned.set(team, taken + 1)
    return { facts, decision }
  })
}
