import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Destruction } from "../../../src/domain/Session.ts"
import { machineName, metadataNames } from "../../../src/dispatching/sessions/MachineRuns.ts"
import { Instance } from "../../../src/admin/Instance.ts"
import { reap } from "../../../src/dispatching/sessions/Reaper.ts"
import { Sessions } from "../../../src/dispatching/sessions/Sessions.ts"
import { operator, start as startEngine } from "../../support/engine.ts"
import { eventually } from "../../support/eventually.ts"
import { MachineId } from "../../../src/domain/Ids.ts"

const start = Effect.fnUntraced(function* () {
  const engine = yield* startEngine({ fly: {}, mapping: { executionMode: "fly-machines" } })
  const { fly, services } = engine
  const sessions = Context.get(services, Sessions)
  const ours = yield* Context.get(services, Instance).orchestratorId
  const listed = (count: number) =>
    eventually(`${count} sessions`, sessions.list, ({ length }) => length === count)
  const put = (name: string, orchestrator: string, dispatchId: string) =>
    fly.putMachine({
      app: "sessions",
      name,
      metadata: { [metadataNames.orchestrator]: orchestrator, [metadataNames.dispatch]: dispatchId }
    })
  return {
    ...engine,
    ours,
    sessions,
    listed,
    put,
    destroy: (id: string) => sessions.destroy(MachineId.make(id), operator)
  }
})

const allDone: Destruction = {
  destroyed: true,
  effects: [
    { effect: "machine", done: true },
    { effect: "label", done: true },
    { effect: "dedup", done: true }
  ]
}

describe("sessions", () => {
  it.live("list our machines with their dispatches from creation to destruction", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, issue, listed, machinesOf, put, sessions, settled } = yield* start()
      assert.deepStrictEqual(yield* sessions.list, [])
      const identifier = issue({ title: "Add a logo" })
      const dispatch = yield* dispatched(identifier)
      yield* put("someone-else", "another", dispatch.id)
      const [session] = yield* listed(1)
      assert.deepInclude(session, {
        machineId: MachineId.make(machinesOf(dispatch)[0]?.id ?? ""),
        name: machineName(dispatch.id),
        state: "created",
        cpus: 2,
        memoryMb: 4096,
        dispatchId: dispatch.id,
        issueId: dispatch.issueId,
        issueIdentifier: identifier,
        issueTitle: "Add a logo",
        teamKey: "ENG",
        repo: "acme/app"
      })
      yield* deliver(dispatch)
      yield* settled(identifier)
      yield* listed(0)
    })
  )

  it.live("show no dispatch when it is unknown", () =>
    Effect.gen(function* () {
      const { listed, sql } = yield* start()
      yield* sql`insert into machines (machine_id, app, name, state, region, dispatch_id, seen_at)
        values ('148e', 'another', 'stray', 'started', 'fra', uuidv7(), now())`
      const [session = {}] = yield* listed(1)
      assert.sameMembers(Object.keys(session), [
        "machineId",
        "name",
        "state",
        "region",
        "cpus",
        "memoryMb",
        "createdAt",
        "updatedAt"
      ])
    })
  )

  it.live("lose their machine, label and dedup entry when destroyed", () =>
    Effect.gen(function* () {
      const { destroy, dispatched, fly, issue, labels, listed, linear, machinesOf, settled, sql, until } =
        yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* until(identifier, ({ status }) => status === "running")
      const [machine] = machinesOf(dispatch)
      const id = machine?.id ?? ""
      yield* listed(1)
      yield* eventually(
        "the run label is on",
        Effect.sync(() => labels(identifier)),
        (worn) => worn.includes("AI-Working")
      )
      linear.failNext({ match: "issueUpdate", times: Infinity, action: { _tag: "status", status: 503 } })
      const { destroyed, effects } = yield* destroy(id)
      const [first, label, dedup] = effects
      assert.deepStrictEqual([first?.effect, first?.done], ["machine", destroyed])
      assert.deepStrictEqual([label?.effect, label?.done], ["label", false])
      assert.deepStrictEqual(dedup, { effect: "dedup", done: true })
      const [gone, later] = yield* eventually(
        "the machine is destroyed and the label still to come",
        Effect.map(destroy(id), ({ effects }) => effects),
        ([machine, label]) => machine?.done === true && label?.nextTry !== undefined
      )
      assert.deepStrictEqual(gone, { effect: "machine", done: true })
      assert.strictEqual(later?.done, false)
      assert.include(["destroying", "destroyed"], fly.findMachine(id)?.state)
      linear.clearFaults()
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["cancelled", "operator"])
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      assert.lengthOf(yield* sql`select 1 from dedup`, 0)
      assert.lengthOf(machinesOf(dispatch), 1)
      yield* dispatched(identifier)
    })
  )

  it.live("are not called destroyed while Fly does not take it, and are when it does", () =>
    Effect.gen(function* () {
      const { destroy, dispatched, fly, issue, listed, machinesOf, settled } = yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const id = machinesOf(dispatch)[0]?.id ?? ""
      yield* listed(1)
      fly.control.failNext({
        match: "Machines_delete",
        times: Infinity,
        action: { _tag: "status", status: 503 }
      })
      const { destroyed, effects } = yield* destroy(id)
      assert.isFalse(destroyed)
      assert.strictEqual(effects.find(({ effect }) => effect === "machine")?.done, false)
      assert.strictEqual(fly.findMachine(id)?.state, "created")
      fly.control.clearFaults()
      yield* eventually("it is destroyed", destroy(id), ({ destroyed }) => destroyed)
      assert.include(["destroying", "destroyed"], fly.findMachine(id)?.state)
      assert.strictEqual((yield* settled(identifier)).outcome?.reason, "operator")
    })
  )

  it.live("lose earlier failures when destroyed, so that the next pass dispatches the issue", () =>
    Effect.gen(function* () {
      const { destroy, dispatched, finish, issue, machinesOf, settled, sql } = yield* start()
      const identifier = issue()
      yield* finish(yield* dispatched(identifier), "failure")
      yield* settled(identifier)
      yield* sql`delete from dedup`
      const again = yield* dispatched(identifier)
      yield* destroy(machinesOf(again)[0]?.id ?? "")
      yield* settled(identifier)
      assert.lengthOf(yield* sql`select 1 from issue_failures`, 0)
      const third = yield* dispatched(identifier)
      assert.strictEqual(third.attempt, 3)
    })
  )

  it.live("are destroyed at once after their dispatch has ended, with a recorded reason", () =>
    Effect.gen(function* () {
      const {
        destroy,
        dispatched,
        finish,
        fly,
        issue,
        listed,
        ours,
        put,
        reason,
        services,
        settled,
        sql,
        waitsFor
      } = yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      yield* finish(dispatch, "failure")
      yield* settled(identifier)
      yield* waitsFor(identifier, "dedup")
      const { id } = yield* put("left-over", ours, dispatch.id)
      yield* reap().pipe(Effect.provideContext(services))
      yield* listed(1)
      const known = Effect.map(
        sql`select not after ? 'confirmed' as known from audit where subject = ${id} order by id`,
        (rows) => rows.map(({ known }) => known)
      )
      fly.control.failNext({
        match: "DELETE",
        action: { _tag: "status", status: 403, body: { error: "no" } }
      })
      assert.strictEqual((yield* Effect.flip(destroy(id)))._tag, "UpstreamError")
      assert.deepStrictEqual(yield* known, [false])
      assert.deepStrictEqual(yield* destroy(id), allDone)
      assert.deepStrictEqual(yield* known, [false, true])
      assert.include(["destroying", "destroyed"], fly.findMachine(id)?.state)
      assert.isNull(yield* reason(identifier))
      assert.deepStrictEqual(yield* sql`select machine_id, reason from reaper_actions`, [
        { machineId: id, reason: "Olga requested it" }
      ])
    })
  )

  it.live("cannot be destroyed when they are unknown or belong to another orchestrator", () =>
    Effect.gen(function* () {
      const { deliver, destroy, dispatched, fly, issue, listed, machinesOf, put, settled } = yield* start()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const foreign = yield* put("someone-else", "another", dispatch.id)
      yield* listed(1)
      for (const id of [foreign.id, "148e00000000"]) {
        assert.strictEqual((yield* Effect.flip(destroy(id)))._tag, "SessionNotFound")
      }
      assert.strictEqual(fly.findMachine(foreign.id)?.state, "started")
      yield* deliver(dispatch)
      yield* settled(identifier)
      yield* listed(0)
      const gone = machinesOf(dispatch).find(({ id }) => id !== foreign.id)
      yield* eventually(
        "it is gone from the view",
        Effect.exit(destroy(gone?.id ?? "")),
        (exit) => exit._tag === "Failure"
      )
    })
  )
})
