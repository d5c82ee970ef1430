import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { Passes } from "../dispatching/poller/Passes.ts"
import { GaugesRepo } from "./Gauges/GaugesRepo.ts"

const gauge = (name: string, description: string) => Metric.gauge(`ai_implement_${name}`, { description })

const counted = {
  live: {
    label: "state",
    metric: gauge("dispatches_live", "Dispatches that have not ended, by status")
  },
  settlement: {
    label: "state",
    metric: gauge("settlement_effects", "Settlement steps: pending or given up")
  },
  notifications: {
    label: "state",
    metric: gauge("notifications", "Notifications: pending or given up")
  },
  waiting: { label: "reason", metric: gauge("issues_waiting", "Issues that wait, by reason") },
  down: { label: "upstream", metric: gauge("upstream_down", "1 while an upstream is down") }
} as const
const passAge = gauge("pass_age_seconds", "Time since the last good pass")
const pollerStuck = gauge("poller_stuck", "1 while the poller is stuck or its passes fail")
const settlementAge = gauge(
  "settlement_pending_seconds",
  "Age of the earliest pending settlement step, 0 without one"
)
const budgetLeft = gauge("upstream_budget_left_ratio", "Left part of an upstream's rate limit, 0 to 1")

export const measure = Effect.gen(function* () {
  const repo = yield* GaugesRepo
  const passes = yield* Passes
  const { lastGoodAt, state } = yield* passes.state
  const now = yield* DateTime.now
  for (const { what, state, count } of yield* repo.counts) {
    const { label, metric } = counted[what]
    yield* Metric.update(Metric.withAttributes(metric, { [label]: state }), count)
  }
  if (lastGoodAt !== null) {
    yield* Metric.update(passAge, Duration.toSeconds(DateTime.distance(lastGoodAt, now)))
  }
  yield* Metric.update(pollerStuck, state === "stuck" || (yield* passes.failing) ? 1 : 0)
  yield* Metric.update(settlementAge, (yield* repo.ages).settlement)
  for (const { kind, left, upstream } of yield* repo.budgets) {
    yield* Metric.update(Metric.withAttributes(budgetLeft, { upstream, kind }), left)
  }
})
