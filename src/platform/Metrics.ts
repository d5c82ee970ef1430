import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { Outcome } from "../domain/Outcome.ts"
import type { Upstream } from "../domain/Reason.ts"
import { MetricsRepo } from "../operations/Gauges/GaugesRepo.ts"
import { Passes } from "../dispatching/poller/Passes.ts"
import type { UpstreamError } from "../upstreams/UpstreamError.ts"

const counter = (name: string, description: string) =>
  Metric.counter(`ai_implement_${name}`, { description, incremental: true })

const gauge = (name: string, description: string) => Metric.gauge(`ai_implement_${name}`, { description })

const seconds = (name: string, description: string, boundaries: ReadonlyArray<number>) =>
  Metric.histogram(`ai_implement_${name}_seconds`, { description, boundaries })

const outcomes = counter("dispatches_ended_total", "Dispatches that ended here, by outcome")
const calls = counter("upstream_calls_total", "Calls to an upstream, by what became of them")
const passes = seconds(
  "pass_duration",
  "How long a pass of the poller took",
  [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120]
)
const requests = seconds(
  "http_request_duration",
  "How long an answer took",
  [0.005, 0.02, 0.1, 0.5, 1, 5, 30]
)
const gauges = {
  live: gauge("dispatches_live", "Dispatches that have not ended, by status"),
  settlement: gauge("settlement_effects", "What settling owes outside: still pending, or given up"),
  notifications: gauge("notifications", "Notifications not yet sent, and those set aside")
}
const passAge = gauge("pass_age_seconds", "Time since the last good pass")

export const countOutcome = ({ kind }: Outcome) =>
  Metric.update(Metric.withAttributes(outcomes, { outcome: kind }), 1)

export const countCall = (upstream: Upstream, error: UpstreamError | null) =>
  Metric.update(Metric.withAttributes(calls, { upstream, result: error?.reason._tag ?? "ok" }), 1)

export const observePass = (took: Duration.Duration, ok: boolean) =>
  Metric.update(Metric.withAttributes(passes, { ok: String(ok) }), Duration.toSeconds(took))

const areas = new Set(["admin", "api", "health", "metrics", "runner", "webhooks"])
const methods = new Set(["GET", "HEAD", "POST", "PATCH", "DELETE"])

/** Labels come from closed sets, whatever is asked for. */
export const observeRequest = (
  { area, method, status }: { readonly area: string; readonly method: string; readonly status: number },
  took: Duration.Duration
) =>
  Metric.update(
    Metric.withAttributes(requests, {
      area: areas.has(area) ? area : "other",
      method: methods.has(method) ? method : "other",
      status: String(status)
    }),
    Duration.toSeconds(took)
  )

/** Reads from the database what is not counted here. */
export const measure = Effect.gen(function* () {
  const repo = yield* MetricsRepo
  const { lastGoodAt } = yield* (yield* Passes).state
  const now = yield* DateTime.now
  for (const { what, state, count } of yield* repo.counts) {
    yield* Metric.update(Metric.withAttributes(gauges[what], { state }), count)
  }
  if (lastGoodAt !== null) {
    yield* Metric.update(passAge, Duration.toSeconds(DateTime.distance(lastGoodAt, now)))
  }
})
