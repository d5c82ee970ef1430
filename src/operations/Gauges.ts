import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { Passes } from "../dispatching/poller/Passes.ts"
import { GaugesRepo } from "./Gauges/GaugesRepo.ts"

const gauge = (name: string, description: string) => Metric.gauge(`ai_implement_${name}`, { description })

const gauges = {
  live: gauge("dispatches_live", "Dispatches that have not ended, by status"),
  settlement: gauge("settlement_effects", "Settlement steps: pending or given up"),
  notifications: gauge("notifications", "Notifications: pending or given up")
}
const passAge = gauge("pass_age_seconds", "Time since the last good pass")

export const measure = Effect.gen(function* () {
  const repo = yield* GaugesRepo
  const { lastGoodAt } = yield* (yield* Passes).state
  const now = yield* DateTime.now
  for (const { what, state, count } of yield* repo.counts) {
    yield* Metric.update(Metric.withAttributes(gauges[what], { state }), count)
  }
  if (lastGoodAt !== null) {
    yield* Metric.update(passAge, Duration.toSeconds(DateTime.distance(lastGoodAt, now)))
  }
})
