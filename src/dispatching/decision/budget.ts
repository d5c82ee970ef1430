import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { Budget, UpstreamState } from "../../domain/Overview.ts"
import type { Upstream } from "../../domain/Reason.ts"
import { exponentialBackoff } from "../../domain/exponentialBackoff.ts"
import type { DispatchContext } from "./DispatchContext.ts"

const lowBudgetRatio = 0.05
const firstWait = Duration.minutes(1)
const maxWait = Duration.minutes(5)

// Linear's budget refills all the time; its reset is when it would be full.
const enoughAt = (name: Upstream, { limit, remaining, resetAt }: Budget, now: DateTime.Utc) => {
  if (name !== "linear") return resetAt
  const untilFull = Duration.toMillis(DateTime.distance(now, resetAt))
  const share = (limit * lowBudgetRatio - remaining) / (limit - remaining)
  return DateTime.addDuration(now, Duration.min(Duration.millis(Math.ceil(untilFull * share)), maxWait))
}

/**
 * An upstream whose budget is nearly spent, and until when; of several, the one that waits longest. Fly's limit opens
 * again within seconds and holds only machines: launches wait for it.
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
      .map((budget) => ({ upstream: state.name, until: enoughAt(state.name, budget, now) }))
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

const passesLeft = (states: ReadonlyArray<UpstreamState>, requestsPerPass: number, now: DateTime.Utc) => {
  const budget = requestsLeft(states)
  if (budget === undefined || requestsPerPass === 0 || DateTime.isLessThanOrEqualTo(budget.resetAt, now)) {
    return null
  }
  return {
    passes: Math.floor((budget.remaining * usableShare) / requestsPerPass),
    untilFull: Duration.toMillis(DateTime.distance(now, budget.resetAt))
  }
}

export const isSpent = (states: ReadonlyArray<UpstreamState>, requestsPerPass: number, now: DateTime.Utc) => {
  const left = passesLeft(states, requestsPerPass, now)
  return left !== null && left.passes < 1
}

/**
 * The interval to the next pass: the configured one, stretched to what Linear's budget allows, by at most 5 min. When
 * it is spent, as it was `spentBefore` times in a row: 1 min, doubling.
 */
export const nextInterval = (
  base: Duration.Duration,
  states: ReadonlyArray<UpstreamState>,
  requestsPerPass: number,
  now: DateTime.Utc,
  spentBefore = 0
): Duration.Duration => {
  const left = passesLeft(states, requestsPerPass, now)
  if (left === null) return base
  const wait =
    left.passes < 1
      ? exponentialBackoff(firstWait, spentBefore, maxWait)
      : Duration.min(Duration.millis(left.untilFull / left.passes), maxWait)
  return Duration.max(base, Duration.min(wait, Duration.millis(left.untilFull)))
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
