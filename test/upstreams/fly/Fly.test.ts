import { assert, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Run } from "../../../src/domain/Dispatch.ts"
import { Fly, runOf } from "../../../src/upstreams/fly/Fly.ts"
import { metadataNames } from "../../../src/dispatching/sessions/MachineRuns.ts"
import { RunBackends, WorkflowRuns } from "../../../src/upstreams/RunBackends.ts"
import { Fly as Sandbox } from "../../../src/sandbox/Fly.ts"
import { backendLayer, launch, place } from "../../support/flyBackend.ts"
import {
  app,
  asked,
  dispatch,
  live,
  reasonOf,
  request,
  secretValue,
  values
} from "../../support/flyClient.ts"
import { Backend, runsContract } from "../RunBackends.contract.ts"
import { MachineId } from "../../../src/domain/Ids.ts"

const start = Effect.gen(function* () {
  const machine = yield* (yield* Fly).create(request)
  const id = machine?.id ?? ""
  const sandbox = yield* Sandbox
  yield* Effect.orDie(sandbox.startMachine(id))
  return { id, fly: yield* Fly, sandbox }
})

live(
  "one list shows the machines of an app, ours and others'",
  Effect.gen(function* () {
    const { id, fly, sandbox } = yield* start
    yield* sandbox.putMachine({ app, name: "cron", metadata: { owner: "x" }, age: 5 * 3_600_000 })
    yield* sandbox.putMachine({ app: "other", name: "elsewhere" })
    const [ours, cron, ...more] = yield* fly.list(app)
    assert.deepStrictEqual(more, [])
    assert.deepInclude(ours, { id, name: request.name, state: "started", region: "ams", metadata: dispatch })
    assert.isNotNull(ours?.startedAt)
    assert.deepInclude(cron, { name: "cron", metadata: { owner: "x" } })
    const age = DateTime.distance(
      cron?.createdAt ?? DateTime.makeUnsafe(0),
      ours?.createdAt ?? DateTime.makeUnsafe(0)
    )
    assert.closeTo(Duration.toHours(age), 5, 0.01)
    assert.deepStrictEqual(yield* asked, ["Machines_create", "Machines_list"])
  })
)

live(
  "how a machine ended is seen",
  Effect.gen(function* () {
    const { id, fly, sandbox } = yield* start
    assert.isNull((yield* fly.get({ app, id })).exit)
    yield* Effect.orDie(sandbox.exitMachine(id, { code: 137, oomKilled: true }))
    const { exit, state } = yield* fly.get({ app, id })
    assert.strictEqual(state, "stopped")
    assert.deepInclude(exit, { code: 137, oomKilled: true, requested: false })
  })
)

live(
  "a running machine is destroyed at once, one that is gone is fine, and it is shown as destroyed",
  Effect.gen(function* () {
    const { id, fly, sandbox } = yield* start
    sandbox.setDestroyDelay(0)
    yield* fly.destroy({ app, id })
    yield* Effect.repeat(Effect.delay(fly.list(app), "5 millis"), { until: (left) => left.length === 0 })
    assert.strictEqual((yield* fly.get({ app, id })).state, "destroyed")
    yield* fly.destroy({ app, id })
    yield* Effect.orDie(sandbox.vanish(id))
    yield* fly.destroy({ app, id })
    assert.deepStrictEqual(yield* reasonOf(fly.get({ app, id })), { _tag: "NotFound" })
  })
)

live(
  "secrets are set, listed by name and deleted, and their values never come back",
  Effect.gen(function* () {
    const fly = yield* Fly
    const sandbox = yield* Sandbox
    const first = yield* fly.secrets.set(app, values({ ENG_A: secretValue, ENG_B: "b" }))
    const second = yield* fly.secrets.set(app, values({ ENG_B: "c" }))
    assert.isAbove(second, first)
    const listed = yield* fly.secrets.list(app)
    assert.deepStrictEqual(
      listed.map(({ name }) => name),
      ["ENG_A", "ENG_B"]
    )
    assert.notInclude(JSON.stringify(listed), secretValue)
    assert.isTrue(listed.every(({ digest }) => digest !== null))
    yield* fly.secrets.delete(app, "ENG_A")
    yield* fly.secrets.delete(app, "ENG_A")
    assert.lengthOf(yield* fly.secrets.list(app), 1)
    assert.isFalse(sandbox.control.calls().some(({ path }) => path.includes("show_secrets")))
  })
)

live(
  "creates wait for their turn, so that Fly's limit of the app is never met",
  Effect.gen(function* () {
    const fly = yield* Fly
    const sandbox = yield* Sandbox
    const names = ["a", "b", "c", "d", "e"]
    const [taken] = yield* Effect.timed(
      Effect.forEach(names, (name) => fly.create({ ...request, name }), { concurrency: "unbounded" })
    )
    assert.isAtLeast(Duration.toMillis(taken), 2950)
    assert.isTrue(sandbox.control.calls().every(({ status }) => status === 200))
  }),
  { spacing: Duration.millis(750), options: { rateLimits: true } }
)

it("a machine is the run of a dispatch", () => {
  assert.deepStrictEqual(runOf(app, { id: "148e21ea7e4228", region: "ams" }), {
    kind: "fly",
    app,
    machineId: MachineId.make("148e21ea7e4228"),
    region: "ams",
    url: "https://fly.io/apps/sessions/machines/148e21ea7e4228"
  })
})

const idOf = (run: Run) => (run.kind === "fly" ? run.machineId : "")

const backend = Layer.effect(
  Backend,
  Effect.map(Sandbox, (sandbox) =>
    Backend.of({
      request: launch,
      place,
      absent: [{ ...launch, app: "none" }],
      repeats: false,
      start: (run) => Effect.orDie(Effect.asVoid(sandbox.startMachine(idOf(run)))),
      finish: (run, conclusion) =>
        conclusion === "never_started"
          ? Effect.orDie(Effect.asVoid(sandbox.failMachine(idOf(run))))
          : sandbox
              .startMachine(idOf(run))
              .pipe(
                Effect.andThen(sandbox.exitMachine(idOf(run), { code: conclusion === "success" ? 0 : 1 })),
                Effect.asVoid,
                Effect.orDie
              ),
      foreign: Effect.asVoid(
        sandbox.putMachine({
          app,
          name: `foreign-${sandbox.machines().length}`,
          metadata: {
            [metadataNames.orchestrator]: "another",
            [metadataNames.dispatch]: "01936f3e-1111-7222-8333-94444555aaaa"
          }
        })
      ),
      started: () => sandbox.machines().filter(({ name }) => name.startsWith("ai-implement-")).length,
      violations: () => sandbox.control.violations()
    })
  )
)

const noWorkflows = Layer.mock(WorkflowRuns, {})

runsContract("Fly Machines", () =>
  Layer.provideMerge(
    backend,
    RunBackends.layer.pipe(Layer.provide(noWorkflows), Layer.provideMerge(backendLayer()))
  )
)
