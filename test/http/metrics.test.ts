import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import * as SqlClient from "effect/sql/SqlClient"
import { insertDispatch } from "../support/dispatchRow.ts"
import { start } from "../support/engine.ts"
import { send, server } from "../support/httpServer.ts"

const token = "a-token-for-metrics"
const status = (headers: Readonly<Record<string, string>> = {}) =>
  Effect.map(send("/metrics", { headers }), (answer) => answer.status)

const line = /^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? (\d[\d.e+-]*|\+Inf|NaN))$/

/** Metrics are of the process: the counts of a test begin at zero. */
const counted = Effect.provideServiceEffect(
  Metric.MetricRegistry,
  Effect.sync(() => new Map())
)

describe("metrics", () => {
  it.effect("count what exists and how requests were answered, with labels from closed sets", () =>
    Effect.gen(function* () {
      yield* insertDispatch()
      yield* insertDispatch({ outcome: "failed" })
      yield* send("/api/issues")
      yield* send("/odd-path/odd-part", { method: "PROPFIND" })
      const { body, headers } = yield* send("/metrics")
      assert.strictEqual(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
      for (const each of body.trimEnd().split("\n")) assert.match(each, line)
      for (const expected of [
        `ai_implement_dispatches_live{state="running"} 1`,
        `ai_implement_dispatches_live{state="reserved"} 0`,
        `ai_implement_settlement_effects{state="pending"} 0`,
        `ai_implement_notifications{state="given_up"} 0`,
        `ai_implement_issues_waiting{reason="held"} 0`,
        `ai_implement_upstream_down{upstream="github"} 0`,
        `ai_implement_poller_stuck 0`,
        `ai_implement_settlement_pending_seconds 0`,
        `ai_implement_http_request_duration_seconds_count{area="api",method="GET",status="401"} 1`,
        `ai_implement_http_request_duration_seconds_count{area="other",method="other",status="404"} 1`
      ]) {
        assert.include(body, expected)
      }
      assert.notInclude(body, "odd-")
    }).pipe(Effect.provide(server()), counted)
  )

  it.effect("measure what an operator is alerted to", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const id = yield* insertDispatch({ outcome: "failed" })
      yield* sql`insert into settlement_effects (dispatch_id, effect, state, key, body, next_at, created_at)
        values (${id}, 'labels', 'pending', gen_random_uuid(), '{}', now(), now() - interval '2 hours')`
      yield* sql`insert into upstreams (name, state, since) values ('github', 'down', now()), ('linear', 'degraded', now())`
      yield* sql`insert into upstream_budgets (upstream, kind, "limit", remaining, reset_at) values
        ('linear', 'requests', 200, 50, now() + interval '1 hour'), ('github', 'core', 100, 0, now() - interval '1 hour')`
      yield* sql`insert into decisions (issue_id, decision, reason, since, pass_id)
        values ('i1', 'wait', '{"_tag": "held"}', now(), gen_random_uuid())`
      const { body } = yield* send("/metrics")
      for (const expected of [
        `ai_implement_upstream_down{upstream="github"} 1`,
        `ai_implement_upstream_down{upstream="linear"} 0`,
        `ai_implement_upstream_budget_left_ratio{upstream="linear",kind="requests"} 0.25`,
        `ai_implement_upstream_budget_left_ratio{upstream="github",kind="core"} 1`,
        `ai_implement_issues_waiting{reason="held"} 1`
      ]) {
        assert.include(body, expected)
      }
      assert.match(body, /^ai_implement_settlement_pending_seconds 72\d\d/m)
    }).pipe(Effect.provide(server()), counted)
  )

  it.live("count passes, calls to upstreams and ends", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, issue, settled } = yield* start()
      const identifier = issue()
      yield* deliver(yield* dispatched(identifier))
      yield* settled(identifier)
      const text = yield* PrometheusMetrics.format()
      assert.match(text, /^ai_implement_dispatches_ended_total\{outcome="delivered"\} 1$/m)
      assert.match(text, /^ai_implement_upstream_calls_total\{upstream="linear",result="ok"\} [1-9]/m)
      assert.match(text, /^ai_implement_upstream_calls_total\{upstream="github",result="ok"\} [1-9]/m)
      assert.match(text, /^ai_implement_pass_duration_seconds_count\{ok="true"\} [1-9]/m)
    }).pipe(counted)
  )

  it.effect("are for private addresses only, and for no proxy that is not trusted", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* status(), 200)
      assert.strictEqual(yield* status({ "x-forwarded-for": "10.0.0.1" }), 401)
      assert.strictEqual(yield* status({ forwarded: "for=10.0.0.1" }), 401)
    }).pipe(Effect.provide(server()))
  )

  it.effect("are for the private addresses that a trusted proxy names", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* status({ "x-forwarded-for": "203.0.113.9" }), 401)
      assert.strictEqual(yield* status({ "x-forwarded-for": "10.0.0.1, 203.0.113.9" }), 401)
      assert.strictEqual(yield* status({ "x-forwarded-for": "203.0.113.9, 10.0.0.1" }), 200)
    }).pipe(Effect.provide(server({ TRUST_PROXY: "1" })))
  )

  it.effect("are for whoever holds METRICS_TOKEN once it is set", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* status(), 401)
      assert.strictEqual(yield* status({ authorization: "Bearer another" }), 401)
      assert.strictEqual(
        yield* status({ authorization: `Bearer ${token}`, "x-forwarded-for": "203.0.113.9" }),
        200
      )
    }).pipe(Effect.provide(server({ METRICS_TOKEN: token })))
  )
})
