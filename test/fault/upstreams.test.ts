import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { UpstreamState } from "../../src/domain/Overview.ts"
import type { Upstream } from "../../src/domain/Reason.ts"
import type { Action } from "../../src/sandbox/Upstream.ts"
import { Upstreams } from "../../src/upstreams/health/Upstreams.ts"
import { closedPort } from "../support/closedPort.ts"
import { type EngineOptions, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { openGate } from "../support/gate.ts"
import { unknownHost } from "../support/resolver.ts"

type Engine = Effect.Success<ReturnType<typeof start>>

const dispatchCall = "actions/create-workflow-dispatch"

const impatient: EngineOptions = {
  launchMillis: 500,
  mapping: { maxInProgressAiIssues: 10 },
  policy: { retry: { retryMax: Duration.millis(200) } }
}

const stateOf = ({ services }: Engine, name: Upstream) =>
  Effect.map(Context.get(services, Upstreams).states, (states) => states.find((each) => each.name === name))

const becomes = (engine: Engine, name: Upstream, wanted: ReadonlyArray<UpstreamState["state"]>) =>
  eventually(
    `${name} is ${wanted.join(" or ")}`,
    stateOf(engine, name),
    (state) => state !== undefined && wanted.includes(state.state),
    40
  )

/** Each dispatch has one run, and the issue one dispatch that delivers. */
const deliverAll = Effect.fnUntraced(function* (engine: Engine, identifiers: ReadonlyArray<string>) {
  const { attempts, comments, deliver, github, labels, settled, until } = engine
  for (const identifier of identifiers) {
    const live = (dispatch: Dispatch) => dispatch.run !== null
    const dispatch = yield* until(identifier, live, 20)
    if (dispatch.outcome === null) yield* deliver(dispatch)
    const end = yield* settled(identifier, 20)
    assert.strictEqual(end.status, "succeeded")
    assert.lengthOf(github.findRuns(end.id), 1)
    assert.lengthOf(yield* attempts(identifier), 1)
    assert.deepStrictEqual([...labels(identifier)], ["AI-Implement", "Ready for Review"])
    assert.lengthOf(comments(identifier), 1)
  }
  assert.lengthOf(github.runs(), identifiers.length)
})

const status500: Action = { _tag: "status", status: 500, body: { message: "Server Error" } }

describe.concurrent("GitHub, when a launch goes wrong, has one run of the dispatch in the end", () => {
  const faults: Readonly<Record<string, Action>> = {
    "it hangs": { _tag: "hang" },
    "it fails": status500,
    "it cuts the connection": { _tag: "reset" },
    "it answers with half a body": { _tag: "truncate" },
    "it answers with nonsense": { _tag: "malformed" },
    "it accepts and cuts the connection": { _tag: "resetAfter" },
    "it accepts and answers 502": { _tag: "statusAfter", status: 502, body: "<html>Bad Gateway</html>" },
    "it accepts and hangs": { _tag: "hangAfter" },
    "it is too busy": {
      _tag: "status",
      status: 429,
      headers: { "retry-after": "1" },
      body: { message: "Later" }
    }
  }
  for (const [name, action] of Object.entries(faults)) {
    it.live(name, () =>
      Effect.gen(function* () {
        const engine = yield* start(impatient)
        engine.github.setConsistencyDelay(300)
        engine.github.control.failNext({ match: dispatchCall, action })
        const identifier = engine.issue()
        yield* engine.pass
        yield* deliverAll(engine, [identifier])
      })
    )
  }
})

describe.concurrent("a temporary outage of GitHub loses, doubles and clears nothing", () => {
  const faults: Readonly<
    Record<string, { readonly action: Action; readonly state: UpstreamState["state"] }>
  > = {
    "it hangs": { action: { _tag: "hang" }, state: "down" },
    "it fails": { action: status500, state: "down" },
    "it cuts connections": { action: { _tag: "reset" }, state: "down" },
    "it answers with half a body": { action: { _tag: "truncate" }, state: "down" },
    "it answers with nonsense": { action: { _tag: "malformed" }, state: "down" },
    "its rate limit is used up": {
      action: {
        _tag: "status",
        status: 403,
        headers: { "retry-after": "1" },
        body: { message: "You have exceeded a secondary rate limit" }
      },
      state: "degraded"
    }
  }
  for (const [name, { action, state }] of Object.entries(faults)) {
    it.live(name, () =>
      Effect.gen(function* () {
        const engine = yield* start({
          ...impatient,
          timeoutMillis: 500,
          launchMillis: 2000,
          env: { POLL_INTERVAL_MS: "1000" }
        })
        const { attempts, dispatched, github, issue, pass, reason, until } = engine
        const running = issue()
        yield* dispatched(running)
        const before = yield* Clock.currentTimeMillis
        github.control.failNext({ match: dispatchCall, action: { _tag: "hold" } })
        const launching = issue()
        yield* pass
        yield* until(launching, () => true)
        github.control.failNext({ times: Infinity, action })
        github.control.letGo()
        const seen = yield* becomes(engine, "github", [state])
        assert.isNotNull(seen?.error)
        assert.isAtLeast(seen?.since.epochMilliseconds ?? 0, before)
        const waiting = issue()
        const { error } = (yield* pass) ?? {}
        assert.isNull(error)
        if (state === "down") {
          const found = yield* reason(waiting)
          assert.deepStrictEqual(found?._tag === "upstream_down" && found.upstream, "github")
        }
        for (const identifier of [running, launching]) {
          const [dispatch, ...others] = yield* attempts(identifier)
          assert.strictEqual(dispatch?.outcome, null)
          assert.lengthOf(others, 0)
        }
        github.control.clearFaults()
        yield* becomes(engine, "github", ["ok"])
        yield* deliverAll(engine, [running, launching, waiting])
      })
    )
  }
})

describe.concurrent("a temporary outage of Fly loses, doubles and clears nothing", () => {
  const faults: Readonly<Record<string, Action>> = {
    "it hangs": { _tag: "hang" },
    "it fails": status500,
    "it cuts connections": { _tag: "reset" },
    "it answers with nonsense": { _tag: "malformed" }
  }
  for (const [name, action] of Object.entries(faults)) {
    it.live(name, () =>
      Effect.gen(function* () {
        const engine = yield* start({
          ...impatient,
          timeoutMillis: 500,
          fly: {},
          mapping: { ...impatient.mapping, executionMode: "fly-machines" },
          env: { POLL_INTERVAL_MS: "1000" }
        })
        const { attempts, deliver, dispatched, fly, issue, machinesOf, settled, until, waitsFor } = engine
        const running = issue()
        yield* dispatched(running)
        fly.control.failNext({ times: Infinity, action })
        const seen = yield* becomes(engine, "fly", ["down"])
        assert.isNotNull(seen?.error)
        const waiting = issue()
        const found = yield* waitsFor(waiting, "upstream_down")
        assert.strictEqual(found?._tag === "upstream_down" && found.upstream, "fly")
        const [live] = yield* attempts(running)
        assert.strictEqual(live?.outcome, null)
        fly.control.clearFaults()
        yield* becomes(engine, "fly", ["ok"])
        for (const identifier of [running, waiting]) {
          const dispatch = yield* until(identifier, ({ status }) => status === "running", 20)
          yield* deliver(dispatch)
          assert.strictEqual((yield* settled(identifier, 20)).status, "succeeded")
          assert.lengthOf(machinesOf(dispatch), 1)
          assert.lengthOf(yield* attempts(identifier), 1)
        }
        assert.lengthOf(fly.machines(), 2)
      })
    )
  }
})

describe.concurrent("a temporary outage of Linear loses, doubles and clears nothing", () => {
  const fail =
    (action: Action) =>
    ({ linear }: Engine) =>
      Effect.sync(() => linear.failNext({ times: Infinity, action }))
  const faults: Readonly<Record<string, (engine: Engine) => Effect.Effect<void>>> = {
    "it hangs": fail({ _tag: "hang" }),
    "it fails": fail(status500),
    "it cuts connections": fail({ _tag: "reset" }),
    "it answers with half a body": fail({ _tag: "truncate" }),
    "it answers with nonsense": fail({ _tag: "malformed" }),
    "it does and cuts the connection": fail({ _tag: "resetAfter" }),
    "its rate limit is used up": ({ linear }) =>
      Effect.map(Clock.currentTimeMillis, (now) =>
        linear.setBudget({ requests: { remaining: 0, reset: now + 12_000 } })
      )
  }
  for (const [name, begin] of Object.entries(faults)) {
    it.live(name, () =>
      Effect.gen(function* () {
        const engine = yield* start({
          ...impatient,
          timeoutMillis: 500,
          env: { POLL_INTERVAL_MS: "1000" }
        })
        const { attempts, deliver, dispatched, issue, linear, reason, settled, sql, waitsFor } = engine
        const failed = issue()
        yield* engine.finish(yield* dispatched(failed), "failure")
        yield* settled(failed)
        yield* waitsFor(failed, "dedup")
        const running = issue()
        yield* dispatched(running)
        yield* eventually(
          "the run label is on",
          Effect.sync(() => engine.labels(running)),
          (found) => found.includes("AI-Working")
        )

        const before = yield* Clock.currentTimeMillis
        yield* begin(engine)
        const [live] = yield* attempts(running)
        assert.isDefined(live)
        yield* deliver(live)
        const seen = yield* becomes(engine, "linear", ["degraded", "down"])
        assert.isNotNull(seen?.error)
        assert.isAtLeast(seen?.since.epochMilliseconds ?? 0, before)
        yield* eventually(
          "a pass has failed for Linear",
          sql`select error from passes where not ok`,
          ([pass]) => String(pass?.["error"]).includes("Linear"),
          15
        )
        assert.strictEqual((yield* reason(failed))?._tag, "dedup")
        assert.lengthOf(yield* sql`select 1 from dedup`, 2)
        assert.lengthOf(yield* sql`select 1 from issues where missing > 0`, 0)

        linear.clearFaults()
        yield* becomes(engine, "linear", ["ok"])
        const next = issue()
        yield* engine.running(next)
        assert.strictEqual((yield* settled(running, 20)).status, "succeeded")
        assert.deepStrictEqual([...engine.labels(running)], ["AI-Implement", "Ready for Review"])
        assert.lengthOf(engine.comments(running), 1)
        assert.lengthOf(yield* attempts(failed), 1)
        assert.lengthOf(engine.github.runs(), 3)
      })
    )
  }
})

describe.concurrent("an address that does not work", () => {
  it.live(
    "because no one listens there: nothing is sent or lost, and it continues when something listens",
    () =>
      Effect.gen(function* () {
        const url = yield* closedPort
        const engine = yield* start({ ...impatient, env: { GITHUB_API_URL: url, POLL_INTERVAL_MS: "1000" } })
        const identifier = engine.issue()
        yield* engine.pass
        const seen = yield* becomes(engine, "github", ["down"])
        assert.include(seen?.error, "cannot be reached")
        assert.strictEqual((yield* engine.reason(identifier))?._tag, "upstream_down")
        assert.deepStrictEqual(yield* engine.attempts(identifier), [])
        yield* openGate(url, engine.github.url)
        yield* becomes(engine, "github", ["ok"])
        yield* deliverAll(engine, [identifier])
      })
  )

  it.live(
    "because its name is unknown: nothing is sent or lost, and it continues when the name is known",
    () =>
      Effect.gen(function* () {
        const url = yield* closedPort
        const name = yield* unknownHost
        const engine = yield* start({
          ...impatient,
          env: { GITHUB_API_URL: url.replace("127.0.0.1", name.host), POLL_INTERVAL_MS: "1000" }
        })
        yield* openGate(url, engine.github.url)
        const identifier = engine.issue()
        yield* engine.pass
        const seen = yield* becomes(engine, "github", ["down"])
        assert.include(seen?.error, "ENOTFOUND")
        assert.strictEqual((yield* engine.reason(identifier))?._tag, "upstream_down")
        assert.deepStrictEqual(yield* engine.attempts(identifier), [])
        yield* name.found
        yield* becomes(engine, "github", ["ok"])
        yield* deliverAll(engine, [identifier])
      })
  )
})

describe.concurrent("an issue that Linear does not change for a while", () => {
  const outage: Action = { _tag: "status", status: 503, body: "" }

  it.live("at the start of its run keeps its one dispatch and its slot, and has the label in the end", () =>
    Effect.gen(function* () {
      const engine = yield* start({ ...impatient, mapping: { maxInProgressAiIssues: 1 } })
      const { attempts, dispatched, issue, labels, linear, pass, reason } = engine
      linear.failNext({ match: "issueUpdate", times: Infinity, action: outage })
      const identifier = issue()
      yield* dispatched(identifier)
      const waiting = issue()
      for (let passes = 0; passes < 20; passes++) {
        yield* pass
        assert.lengthOf(yield* attempts(identifier), 1)
        assert.strictEqual((yield* reason(waiting))?._tag, "team_at_capacity")
      }
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      linear.clearFaults()
      yield* eventually(
        "the run label is on",
        Effect.sync(() => labels(identifier)),
        (found) => found.includes("AI-Working"),
        20
      )
      yield* deliverAll(engine, [identifier])
    })
  )

  for (const what of ["issueUpdate", "commentCreate"]) {
    it.live(
      `at the end of its run (${what}, 20 tries) is not dispatched again, and gets one comment in the end`,
      () =>
        Effect.gen(function* () {
          const engine = yield* start({
            ...impatient,
            policy: { retry: { retryBase: Duration.millis(5), retryMax: Duration.millis(20) } }
          })
          const { attempts, deliver, dispatched, issue, linear, pass, reason, until } = engine
          const identifier = issue()
          const dispatch = yield* dispatched(identifier)
          yield* until(identifier, ({ status }) => status === "running")
          linear.failNext({ match: what, times: Infinity, action: outage })
          yield* deliver(dispatch)
          const { pending } = yield* until(identifier, ({ pending }) => (pending[0]?.attempts ?? 0) >= 20, 60)
          assert.match(
            pending[0]?.lastError ?? "",
            /^Linear failed \(503\) when asked to (?:change the labels of|comment on) the issue/
          )
          yield* pass
          assert.strictEqual((yield* reason(identifier))?._tag, "settling")
          assert.lengthOf(yield* attempts(identifier), 1)
          linear.clearFaults()
          yield* deliverAll(engine, [identifier])
        })
    )
  }
})

describe.concurrent("the poller continues", () => {
  it.live("after a pass that hangs: it is cut at its deadline, and the next one starts by itself", () =>
    Effect.gen(function* () {
      const { dispatched, issue, linear, passes, running } = yield* start({
        timeoutMillis: 20_000,
        env: { MAX_PASS_SECONDS: "5", POLL_INTERVAL_MS: "1000" }
      })
      yield* dispatched(issue())
      linear.failNext({ match: "query Page", action: { _tag: "hang" } })
      const identifier = issue()
      const { lastPass } = yield* eventually(
        "a pass was cut",
        passes.state,
        ({ lastPass }) => lastPass?.ok === false,
        20
      )
      assert.include(lastPass?.error, "took longer than 5 s")
      const took =
        (lastPass?.finishedAt?.epochMilliseconds ?? 0) - (lastPass?.startedAt.epochMilliseconds ?? 0)
      assert.isAtLeast(took, 5000)
      yield* running(identifier)
    })
  )

  it.live("after a pass that fails inside the service", () =>
    Effect.gen(function* () {
      const { attempts, issue, pass, passes, running, sql } = yield* start()
      yield* pass
      yield* sql`alter table decisions rename to elsewhere`
      const identifier = issue()
      const { error } = (yield* pass) ?? {}
      assert.include(error, "failed inside the service")
      assert.strictEqual((yield* passes.state).lastPass?.ok, false)
      yield* sql`alter table elsewhere rename to decisions`
      assert.isNull((yield* pass)?.["error"])
      yield* running(identifier)
      assert.lengthOf(yield* attempts(identifier), 1)
    })
  )
})
