import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import { Runner } from "../../src/dispatching/callbacks/Runner.ts"
import type { Action } from "../../src/sandbox/Upstream.ts"
import { operator, repository, start } from "../support/engine.ts"
import type { PolicyOptions } from "../support/engine/policy.ts"
import { eventually } from "../support/eventually.ts"

const long = Duration.minutes(10)
/** After one failed look-up the machine is not looked up again: only its calls count. */
const silent: PolicyOptions = {
  launch: { lookupGap: long },
  retry: { retryBase: long, retryMax: long },
  monitor: { machineInterval: long }
}
/** It is looked for all the time, until it is too late. */
const eager: PolicyOptions = { retry: { retryBase: Duration.millis(50), retryMax: Duration.millis(100) } }
const broken: Action = { _tag: "status", status: 500, body: { error: "internal error" } }

/** The service and a dispatch whose machine was made, but whose launch had no answer. */
const unconfirmed = Effect.fnUntraced(function* (action: Action, policy: PolicyOptions = {}) {
  const engine = yield* start({
    fly: {},
    mapping: { executionMode: "fly-machines" },
    policy: { ...silent, ...policy }
  })
  const { fly, github, issue, machinesOf, pass, services, until } = engine
  issue({ blockedBy: [issue({ labels: [] })] })
  yield* pass
  fly.control.failNext({ match: "Machines_create", action })
  fly.control.failNext({ match: "Machines_list", times: Infinity, action: broken })
  const identifier = issue()
  yield* pass
  const dispatch = yield* until(identifier, ({ status }) => status === "launching" || status === "uncertain")
  const [machine] = yield* eventually(
    "the machine is there",
    Effect.sync(() => machinesOf(dispatch)),
    ({ length }) => length > 0
  )
  if (action._tag === "resetAfter") {
    yield* eventually(
      "its look-up failed",
      Effect.sync(() => fly.control.calls().filter(({ status }) => status === 500)),
      ({ length }) => length >= 3
    )
  }
  const { AI_IMPLEMENT_TOKEN: token = "" } = yield* Effect.orDie(fly.environmentOf(machine?.id ?? ""))
  const runner = Context.get(services, Runner)
  const claim = runner.claim(token, dispatch.id)
  const deliver = Effect.gen(function* () {
    yield* github.openPullRequest({ ...repository, branch: dispatch.branch, title: "Logo" })
    yield* runner.report(token, { dispatchId: dispatch.id, phase: "implementation", outcome: "delivered" })
  })
  const seen = Effect.sync(() => fly.control.clearFaults())
  return { ...engine, identifier, dispatch, machine, claim, deliver, seen }
})

const machineIdOf = ({ run }: Dispatch) => (run?.kind === "fly" ? run.machineId : null)

describe("a machine whose launch Fly did not answer", () => {
  for (const [name, action] of [
    ["while the answer is still waited for", { _tag: "hangAfter" }],
    ["after the connection broke", { _tag: "resetAfter" }]
  ] as const) {
    it.live(`confirms it by its claim, ${name}: one machine does the work`, () =>
      Effect.gen(function* () {
        const { claim, deliver, events, fly, identifier, machine, running, seen, settled } =
          yield* unconfirmed(action, { launch: { lookupGap: Duration.seconds(2) } })
        yield* seen
        assert.deepInclude(yield* claim, { identifier, phase: "implementation" })
        const confirmed = yield* running(identifier)
        assert.strictEqual(machineIdOf(confirmed), machine?.id)
        assert.isNotNull(confirmed.deadlineAt)
        assert.strictEqual(
          (yield* claim).deadlineAt?.epochMilliseconds,
          confirmed.deadlineAt?.epochMilliseconds
        )
        yield* deliver
        const end = yield* settled(identifier)
        assert.deepStrictEqual([end.status, machineIdOf(end)], ["succeeded", machine?.id])
        assert.lengthOf(fly.machines(), 1)
        const types = yield* events(end.id)
        for (const once of ["launching", "running", "claimed"]) {
          assert.lengthOf(
            types.filter((type) => type === once),
            1,
            once
          )
        }
      })
    )
  }

  it.live("is asked to retry while Fly does not list it, and has not claimed the dispatch", () =>
    Effect.gen(function* () {
      const { attempts, claim, events, fly, identifier, running, seen } = yield* unconfirmed({
        _tag: "resetAfter"
      })
      const unanswered = yield* Effect.flip(claim)
      assert.strictEqual(unanswered._tag, "UpstreamError")
      fly.control.clearFaults()
      fly.control.failNext({ match: "Machines_list", action: { _tag: "status", status: 200, body: [] } })
      const unseen = yield* Effect.flip(claim)
      assert.strictEqual(unseen._tag, "UpstreamError")
      assert.include(unseen.message, "try again in a few seconds")
      const [still] = yield* attempts(identifier)
      assert.deepStrictEqual([still?.status, still?.run], ["uncertain", null])
      assert.notInclude(yield* events(still?.id ?? ""), "claimed")
      yield* seen
      assert.strictEqual((yield* claim).identifier, identifier)
      yield* running(identifier)
    })
  )

  it.live("is asked to end without work once its dispatch is being stopped, and is destroyed", () =>
    Effect.gen(function* () {
      const { claim, dispatch, dispatches, fly, identifier, seen, settled } = yield* unconfirmed(
        { _tag: "resetAfter" },
        eager
      )
      yield* dispatches.cancel(dispatch.id, operator)
      yield* seen
      const refused = yield* Effect.flip(claim)
      assert.strictEqual(refused._tag, "DispatchConflict")
      assert.match(refused.message, /(?:is being stopped|has ended \(cancelled\))\. End without work\./)
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["cancelled", "operator"])
      assert.lengthOf(fly.machines(), 1)
      assert.include(["destroying", "destroyed"], fly.machines()[0]?.state)
    })
  )

  it.live("is asked to end without work once an operator has to decide", () =>
    Effect.gen(function* () {
      const { claim, fly, identifier, seen, settled, until } = yield* unconfirmed(
        { _tag: "resetAfter" },
        { ...eager, launch: { ...silent.launch, undecidedAfter: Duration.millis(300) } }
      )
      yield* until(identifier, ({ outcome }) => outcome?.reason === "launch_unconfirmed")
      const refused = yield* Effect.flip(claim)
      assert.strictEqual(refused._tag, "DispatchConflict")
      assert.match(refused.message, /has ended \(failed\)\. End without work\./)
      yield* seen
      const end = yield* settled(identifier)
      assert.isNull(end.run)
      assert.lengthOf(fly.machines(), 1)
      assert.include(["destroying", "destroyed"], fly.machines()[0]?.state)
    })
  )
})
