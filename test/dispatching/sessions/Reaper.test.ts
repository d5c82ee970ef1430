import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import type { Dispatch } from "../../../src/domain/Dispatch.ts"
import { machineName, metadataNames } from "../../../src/dispatching/sessions/MachineRuns.ts"
import { Instance } from "../../../src/admin/Instance.ts"
import { reap } from "../../../src/dispatching/sessions/Reaper.ts"
import { start as startEngine } from "../../support/engine.ts"
import { eventually } from "../../support/eventually.ts"

const app = "sessions"
const fiveHours = 5 * 3_600_000

const start = Effect.fnUntraced(function* (env: Record<string, string> = {}) {
  const engine = yield* startEngine({ fly: {}, mapping: { executionMode: "fly-machines" }, env })
  const { fly, services, sql } = engine
  const ours = yield* Context.get(services, Instance).orchestratorId
  const put = (name: string, orchestrator: string, dispatchId: string, age = 0) =>
    fly.putMachine({
      app,
      name,
      age,
      metadata: { [metadataNames.orchestrator]: orchestrator, [metadataNames.dispatch]: dispatchId }
    })
  const state = (id: string) => fly.findMachine(id)?.state
  const gone = (id: string) =>
    eventually(
      `machine ${id} is destroyed`,
      Effect.sync(() => state(id)),
      (seen) => seen === "destroyed"
    )
  const actions = sql`select machine_id, dispatch_id, reason, dry_run from reaper_actions order by id`
  /** A dispatch that ended well, some time ago; Fly no longer lists its machine. */
  const done = Effect.gen(function* () {
    const identifier = engine.issue()
    yield* engine.deliver(yield* engine.dispatched(identifier))
    const dispatch = yield* engine.settled(identifier)
    for (const { id } of engine.machinesOf(dispatch)) yield* gone(id)
    yield* sql`update dispatches set finished_at = now() - interval '2 minutes'`
    return dispatch
  })
  return {
    ...engine,
    ours,
    put,
    state,
    gone,
    actions,
    done,
    reap: reap().pipe(
      Effect.provideContext(services),
      Effect.provideService(References.MinimumLogLevel, "None")
    )
  }
})

const leftOver = (dispatch: Dispatch) => `left-over-${machineName(dispatch.id)}`.slice(0, 60)

describe("the reaper", () => {
  it.live("destroys a machine left by its dispatch and records the reason once", () =>
    Effect.gen(function* () {
      const { actions, done, dispatches, gone, ours, put, reap } = yield* start()
      const dispatch = yield* done
      const { id } = yield* put(leftOver(dispatch), ours, dispatch.id)
      yield* reap
      yield* gone(id)
      yield* reap
      const reason = `the dispatch of ${dispatch.issueIdentifier} has ended`
      assert.deepStrictEqual(yield* actions, [
        { machineId: id, dispatchId: dispatch.id, reason, dryRun: false }
      ])
      const reaped = (yield* dispatches.events(dispatch.id)).filter(({ type }) => type === "reaped")
      assert.deepStrictEqual(
        reaped.map(({ message }) => message),
        [`The reaper destroys machine ${id}: ${reason}`]
      )
    })
  )

  it.live("continues with other apps when the machines of one cannot be stored", () =>
    Effect.gen(function* () {
      const { done, fly, gone, ours, put, reap, sql } = yield* start()
      const dispatch = yield* done
      const metadata = { [metadataNames.orchestrator]: ours, [metadataNames.dispatch]: dispatch.id }
      yield* fly.putMachine({ app: "broken", name: "one", metadata })
      yield* sql`delete from machines`
      yield* sql`insert into machines (machine_id, app, name, state, region, seen_at)
        values ('one', 'broken', 'one', 'started', 'iad', now())`
      yield* sql`alter table machines add constraint broken check (app <> 'broken') not valid`
      const { id } = yield* put(leftOver(dispatch), ours, dispatch.id)
      yield* reap
      yield* gone(id)
    })
  )

  it.live("keeps machines of other owners, without a known dispatch, and with a live dispatch", () =>
    Effect.gen(function* () {
      const { actions, dispatched, done, issue, machinesOf, ours, put, reap, state } = yield* start()
      const ended = yield* done
      const running = yield* dispatched(issue())
      const others = [
        yield* put("of-another", "another-orchestrator", ended.id, fiveHours),
        yield* put("of-nothing", ours, "01937c2e-0000-7000-8000-000000000001", fiveHours),
        yield* put("by-hand", ours, "not-an-id", fiveHours)
      ]
      yield* reap
      for (const { id } of others) assert.strictEqual(state(id), "started")
      assert.strictEqual(machinesOf(running)[0]?.state, "created")
      assert.deepStrictEqual(yield* actions, [])
    })
  )

  it.live("stops a live dispatch whose machine is older than four hours", () =>
    Effect.gen(function* () {
      const { actions, dispatched, events, fly, gone, issue, machinesOf, ours, put, reap, settled } =
        yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const [young] = machinesOf(dispatch)
      yield* Effect.orDie(fly.vanish(young?.id ?? ""))
      const { id } = yield* put(machineName(dispatch.id), ours, dispatch.id, fiveHours)
      yield* reap
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["timed_out", "deadline"])
      yield* gone(id)
      assert.deepStrictEqual(yield* actions, [
        { machineId: id, dispatchId: dispatch.id, reason: "older than 4 hours", dryRun: false }
      ])
      assert.includeMembers(yield* events(dispatch.id), ["reaped", "stop_requested", "timed_out"])
    })
  )

  it.live("destroys nothing in a dry run and records what it would destroy", () =>
    Effect.gen(function* () {
      const { actions, done, events, ours, put, reap, state } = yield* start({ REAPER_DRY_RUN: "true" })
      const dispatch = yield* done
      const { id } = yield* put(leftOver(dispatch), ours, dispatch.id)
      yield* reap
      yield* reap
      assert.strictEqual(state(id), "started")
      assert.deepStrictEqual(
        (yield* actions).map(({ dryRun, machineId }) => [dryRun, machineId]),
        [[true, id]]
      )
      assert.include(yield* events(dispatch.id), "reaper_dry_run")
    })
  )

  it.live("continues with the next machine and retries when Fly fails", () =>
    Effect.gen(function* () {
      const { done, fly, gone, ours, put, reap, state } = yield* start()
      const dispatch = yield* done
      const first = yield* put("left-over-1", ours, dispatch.id, 2000)
      const second = yield* put("left-over-2", ours, dispatch.id, 1000)
      fly.control.failNext({
        match: `machines/${first.id}`,
        times: Infinity,
        action: { _tag: "status", status: 400, body: { error: "not now" } }
      })
      yield* reap
      yield* gone(second.id)
      assert.strictEqual(state(first.id), "started")
      fly.control.clearFaults()
      yield* reap
      yield* gone(first.id)
    })
  )
})
