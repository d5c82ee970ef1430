import * as Duration from "effect/Duration"
import * as Metric from "effect/Metric"
import type { Outcome } from "../domain/Outcome.ts"
import type { Upstream } from "../domain/Reason.ts"

const counter = (name: string, description: string) =>
  Metric.counter(`ai_implement_${name}`, { description, incremental: true })

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

export const countOutcome = ({ kind }: Outcome) =>
  Metric.update(Metric.withAttributes(outcomes, { outcome: kind }), 1)

export const countCall = (upstream: Upstream, result: string) =>
  Metric.update(Metric.withAttributes(calls, { upstream, result }), 1)

export const observePass = (took: Duration.Duration, ok: boolean) =>
  Metric.update(Metric.withAttributes(passes, { ok: String(ok) }), Duration.toSeconds(took))

const areas = new Set(["admin", "api", "health", "metrics", "runner", "webhooks"])
const methods = new Set(["GET", "HEAD", "POST", "PATCH", "DELETE"])

/** Labels come from closed sets, whatever the request contains. */
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
