import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { ReasonTag } from "../../src/domain/Reason.ts"
import { Fly } from "../../src/upstreams/fly/Fly.ts"
import type { Action } from "../../src/sandbox/Upstream.ts"
import { type EngineOptions, operator, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { hold } from "../support/hold.ts"
import { MachineId } from "../../src/domain/Ids.ts"

type Engine = Effect.Success<ReturnType<typeof start>>

const onFly = (options: EngineOptions = {}) =>
  start({ fly: {}, ...options, mapping: { executionMode: "fly-machines", ...options.mapping } })

const goneOf = ({ machinesOf }: Engine, dispatch: Dispatch) =>
  machinesOf(dispatch).every(({ state }) => state === "destroying" || state === "destroyed")

describe("a dispatch on a Fly Machine", () => {
  it.live("goes from the label to a pull request, and its machine is destroyed", () =>
    Effect.gen(function* () {
      const engine = yield* onFly()
      const { comments, deliver, dispatched, events, github, issue, labels, machinesOf, settled } = engine
      const identifier = issue()
      const running = yield* dispatched(identifier)
      const [machine, ...others] = machinesOf(running)
      assert.deepStrictEqual(others, [])
      assert.deepInclude(running.run, {
        kind: "fly",
        app: "sessions",
        machineId: MachineId.make(machine?.id ?? "")
      })
      assert.lengthOf(github.runs(), 0)
      yield* eventually(
        "the run label is on",
        Effect.sync(() => labels(identifier)),
        (worn) => worn.includes("AI-Working")
      )
      const pull = yield* deliver(running)
      const done = yield* settled(identifier)
      assert.deepStrictEqual([done.status, done.pullRequest?.number], ["succeeded", pull.number])
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement", "Ready for Review"])
      assert.lengthOf(comments(identifier), 1)
      assert.include(yield* events(done.id), "machine_done")
      assert.isTrue(goneOf(engine, done))
    })
  )

  it.live("takes a slot of its team like any other", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, fly, issue, pass, running, settled, waitsFor } = yield* onFly({
        mapping: { maxInProgressAiIssues: 1 }
      })
      const [first, second] = [issue({ priority: 1 }), issue({ priority: 2 })]
      const dispatch = yield* dispatched(first)
      yield* waitsFor(second, "team_at_capacity")
      assert.lengthOf(fly.machines(), 1)
      yield* deliver(dispatch)
      yield* settled(first)
      yield* pass
      yield* running(second)
    })
  )
})

interface Case extends EngineOptions {
  readonly name: string
  readonly happens: (engine: Engine, dispatch: Dispatch) => Effect.Effect<unknown>
  readonly kind: string
  readonly reason: string
  readonly waits: ReasonTag
  readonly expectedText: string
}

const ends: ReadonlyArray<Case> = [
  {
    name: "a machine that ends badly is a failure and keeps the dedup window",
    happens: ({ exitMachine }, dispatch) => exitMachine(dispatch, { code: 3 }),
    kind: "failed",
    reason: "run_failed",
    waits: "dedup",
    expectedText: "the run failed on Fly: the machine ended with exit code 3."
  },
  {
    name: "a machine that runs out of memory says so",
    happens: ({ exitMachine }, dispatch) => exitMachine(dispatch, { code: 137, oomKilled: true }),
    kind: "failed",
    reason: "run_failed",
    waits: "dedup",
    expectedText: "the machine ran out of memory"
  },
  {
    name: "a machine that ends well and leaves no pull request failed, after three looks",
    happens: ({ exitMachine }, dispatch) => exitMachine(dispatch, { code: 0 }),
    kind: "failed",
    reason: "no_pull_request",
    waits: "dedup",
    expectedText: "no pull request"
  },
  {
    name: "a machine that cannot be started is lost and tried again soon",
    happens: ({ fly, machinesOf }, dispatch) =>
      Effect.forEach(machinesOf(dispatch), ({ id }) => Effect.orDie(fly.failMachine(id))),
    kind: "lost",
    reason: "never_started",
    waits: "backing_off",
    expectedText: "Fly could not start the run"
  },
  {
    name: "a machine that is not started in time is stopped and lost",
    policy: {
      monitor: { machineNeverStartedAfter: Duration.millis(200) },
      stop: { forceAfter: Duration.minutes(1), notConfirmedAfter: Duration.minutes(2) }
    },
    happens: () => Effect.void,
    kind: "lost",
    reason: "never_started",
    waits: "backing_off",
    expectedText: "did not start the run in time"
  },
  {
    name: "a machine that vanishes is lost",
    happens: ({ fly, machinesOf }, dispatch) =>
      Effect.forEach(machinesOf(dispatch), ({ id }) => Effect.orDie(fly.vanish(id))),
    kind: "lost",
    reason: "run_vanished",
    waits: "backing_off",
    expectedText: "no longer known to Fly"
  },
  {
    name: "a machine that someone destroys on Fly is lost",
    happens: ({ machinesOf, services, startMachine }, dispatch) =>
      Effect.gen(function* () {
        yield* startMachine(dispatch)
        const { destroy } = Context.get(services, Fly)
        for (const { id } of machinesOf(dispatch)) yield* Effect.orDie(destroy({ app: "sessions", id }))
      }),
    kind: "lost",
    reason: "run_cancelled",
    waits: "backing_off",
    expectedText: "cancelled on Fly"
  }
]

describe("the end of a machine", () => {
  for (const { name, happens, kind, reason, waits, expectedText, ...options } of ends) {
    it.live(name, () =>
      Effect.gen(function* () {
        const engine = yield* onFly(options)
        const { comments, issue, labels, pass, settled, until, waitsFor } = engine
        const identifier = issue()
        yield* pass
        yield* happens(engine, yield* until(identifier, ({ run }) => run !== null))
        const end = yield* settled(identifier)
        assert.deepStrictEqual([end.outcome?.kind, end.outcome?.reason], [kind, reason])
        assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
        assert.lengthOf(comments(identifier), 1)
        assert.include(comments(identifier)[0], expectedText)
        assert.isTrue(goneOf(engine, end))
        yield* waitsFor(identifier, waits)
      })
    )
  }

  it.live("is reported with the last lines of its log", () =>
    Effect.gen(function* () {
      const { comments, dispatched, exitMachine, issue, settled, sql } = yield* onFly()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      for (const text of ["$ npm test", "3 failed"]) {
        yield* sql`insert into dispatch_logs (dispatch_id, at, text) values (${dispatch.id}, now(), ${text})`
      }
      yield* exitMachine(dispatch, { code: 1 })
      yield* settled(identifier)
      assert.include(comments(identifier)[0], "```\n$ npm test\n3 failed\n```")
    })
  )
})

const refusal: Action = { _tag: "status", status: 400, body: { error: "not now" } }
const patient = { stop: { forceAfter: Duration.minutes(1), notConfirmedAfter: Duration.minutes(2) } }

describe("a stop of a machine", () => {
  it.live("destroys it, and the dispatch ends as soon as that is seen", () =>
    Effect.gen(function* () {
      const engine = yield* onFly({
        policy: { ...patient, monitor: { machineInterval: Duration.minutes(1) } }
      })
      const { dispatched, dispatches, fly, issue, labels, settled, startMachine } = engine
      fly.setDestroyDelay(Infinity)
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* startMachine(dispatch)
      yield* dispatches.cancel(dispatch.id, operator)
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.facts], ["cancelled", { by: "Olga" }])
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      assert.isTrue(goneOf(engine, end))
    })
  )

  it.live("is requested at the deadline", () =>
    Effect.gen(function* () {
      const engine = yield* onFly({ policy: patient, timeoutMillis: 20_000 })
      const { comments, events, fly, issue, pass, settled, sql } = engine
      const held = hold(fly.control, "Machines_create")
      const identifier = issue()
      yield* pass
      yield* held
      yield* sql`update dispatches set deadline_minutes = 0`
      fly.control.letGo()
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["timed_out", "deadline"])
      assert.isTrue(goneOf(engine, end))
      assert.include(comments(identifier)[0], "ran out of time")
      assert.includeMembers(yield* events(end.id), ["stop_requested", "stop_sent", "machine_done"])
    })
  )

  it.live("that Fly does not take ends unconfirmed, and the machine is destroyed when Fly takes it", () =>
    Effect.gen(function* () {
      const engine = yield* onFly({
        policy: { retry: { retryBase: Duration.millis(5), retryMax: Duration.millis(20) } }
      })
      const { comments, dispatched, dispatches, fly, issue, machinesOf, settled, startMachine, until } =
        engine
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* startMachine(dispatch)
      fly.control.failNext({ match: "Machines_delete", times: Infinity, action: refusal })
      yield* dispatches.cancel(dispatch.id, operator)
      const end = yield* until(identifier, ({ outcome }) => outcome !== null, 20)
      assert.strictEqual(end.outcome?.facts["confirmed"], false)
      const waiting = yield* until(
        identifier,
        ({ pending }) => pending.some(({ effect, attempts }) => effect === "machine" && attempts > 0),
        20
      )
      assert.strictEqual(machinesOf(waiting)[0]?.state, "started")
      assert.include(
        waiting.pending.find(({ effect }) => effect === "machine")?.lastError,
        "Fly refused to destroy the machine"
      )
      fly.control.clearFaults()
      const settledAtLast = yield* settled(identifier, 20)
      assert.isTrue(goneOf(engine, settledAtLast))
      assert.include(comments(identifier)[0], "did not confirm the stop")
    })
  )

  it.live("that comes after it delivered changes nothing, because the run delivered", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, dispatches, fly, issue, labels, settled, until } = yield* onFly({
        policy: patient,
        timeoutMillis: 20_000
      })
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const held = hold(fly.control, "Machines_delete")
      yield* dispatches.cancel(dispatch.id, operator)
      yield* held
      yield* deliver(dispatch)
      yield* until(identifier, ({ outcome }) => outcome !== null)
      fly.control.letGo()
      assert.strictEqual((yield* settled(identifier)).status, "succeeded")
      assert.include(labels(identifier), "Ready for Review")
    })
  )
})
