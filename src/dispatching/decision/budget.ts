import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { UpstreamState } from "../../domain/Overview.ts"
import type { Upstream } from "../../domain/Reason.ts"
import type { DispatchContext } from "./DispatchContext.ts"

const lowBudgetRatio = 0.05

/**
 * An upstream whose budget is nearly spent, and until when; of several, the one that is reset last. Fly's limit opens again within
 * seconds and holds only machines: launches wait for it.
 */
export const lowBudget = (
  states: ReadonlyArray<UpstreamState>,
  now: DateTime.Utc
): DispatchContext["lowBudget"] => {
  const hourly = states.filter(({ name }) => name !== "fly")
  const low = hourly.flatMap((state) =>
    state.budgets
      .filter(
        (budget) =>
          DateTime.isGreaterThan(budget.resetAt, now) && budget.remaining < budget.limit * lowBudgetRatio
      )
      .map((budget) => ({ upstream: state.name, until: budget.resetAt }))
  )
  return low.toSorted((a, b) => DateTime.Order(b.until, a.until))[0] ?? null
}

/** Since when each run backend is down; null while it is not. */
export const downBackends = (states: ReadonlyArray<UpstreamState>): DispatchContext["down"] => {
  const since = (name: Upstream) =>
    states.find((state) => state.name === name && state.state === "down")?.since ?? null
  return { github: since("github"), fly: since("fly") }
}

const usableShare = 0.8

const requestsLeft = (states: ReadonlyArray<UpstreamState>) =>
  states.find((state) => state.name === "linear")?.budgets.find(({ kind }) => kind === "requests")

/** The interval to the next pass: the configured one, stretched to what Linear's hourly budget allows. */
export const nextInterval = (
  base: Duration.Duration,
  states: ReadonlyArray<UpstreamState>,
  requestsPerPass: number,
  now: DateTime.Utc
): Duration.Duration => {
  const budget = requestsLeft(states)
  if (budget === undefined || requestsPerPass === 0 || DateTime.isLessThanOrEqualTo(budget.resetAt, now)) {
    return base
  }
  const untilReset = Duration.millis(DateTime.toEpochMillis(budget.resetAt) - DateTime.toEpochMillis(now))
  const passes = Math.floor((budget.remaining * usableShare) / requestsPerPass)
  if (passes < 1) return Duration.max(base, untilReset)
  return Duration.max(base, Duration.millis(Duration.toMillis(untilReset) / passes))
}

/** How soon a requested pass may follow: at once, until half of Linear's hourly budget is spent. */
export const minGap = (
  states: ReadonlyArray<UpstreamState>,
  requestsPerPass: number,
  now: DateTime.Utc
): Duration.Duration => {
  const budget = requestsLeft(states)
  return budget === undefined || budget.remaining * 2 > budget.limit
    ? Duration.zero
    : nextInterval(Duration.zero, states, requestsPerPass, now)
}
