import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { RunnerCredentialsRepo } from "../../src/dispatching/dispatches/RunnerCredentialsRepo.ts"
import { machineName, metadataNames } from "../../src/dispatching/sessions/MachineRuns.ts"
import type { Action } from "../../src/sandbox/Upstream.ts"
import { Settings } from "../../src/admin/Settings.ts"
import { type EngineOptions, operator, start } from "../support/engine.ts"
import { eventually } from "../support/eventually.ts"
import { hold } from "../support/hold.ts"
import { MachineId, TeamKey } from "../../src/domain/Ids.ts"

const create = "Machines_create"
const refusal: Action = { _tag: "status", status: 400, body: { error: "not now" } }

const onFly = (options: EngineOptions = {}) =>
  start({ fly: {}, ...options, mapping: { executionMode: "fly-machines", ...options.mapping } })

describe("a launch on Fly", () => {
  it.live("has the size and region of its mapping and settings, and carries what the machine needs", () =>
    Effect.gen(function* () {
      const { dispatched, fly, issue, machinesOf, sql } = yield* onFly({
        env: { FLY_SESSIONS_REGION: "ams" },
        mapping: { machineCpus: 4, machineMemoryMb: 8192, extraEnv: { MODEL: "large" } }
      })
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const [machine] = machinesOf(dispatch)
      assert.strictEqual(machine?.name, machineName(dispatch.id))
      assert.strictEqual(machine?.region, "ams")
      assert.deepStrictEqual(machine?.config.guest, { cpu_kind: "shared", cpus: 4, memory_mb: 8192 })
      assert.deepInclude(machine?.config.metadata, {
        [metadataNames.dispatch]: dispatch.id,
        [metadataNames.issue]: identifier,
        [metadataNames.repository]: "acme/app"
      })
      const seen = yield* Effect.orDie(fly.environmentOf(machine?.id ?? ""))
      assert.deepInclude(seen, {
        AI_IMPLEMENT_URL: "https://ai-implement.test",
        AI_IMPLEMENT_DISPATCH_ID: dispatch.id,
        MODEL: "large"
      })
      const token = seen["AI_IMPLEMENT_TOKEN"] ?? ""
      assert.match(token, /^[\w-]{43}$/)
      assert.lengthOf(yield* sql`select 1 from runner_credentials where purpose = 'machine'`, 1)
      assert.lengthOf(yield* sql`select 1 from runner_credentials where hash = ${token}`, 0)
    })
  )

  const unanswered: Readonly<Record<string, Action>> = {
    "it hangs": { _tag: "hang" },
    "it cuts the connection": { _tag: "reset" },
    "it accepts and hangs": { _tag: "hangAfter" },
    "it accepts and cuts the connection": { _tag: "resetAfter" },
    "it accepts and answers 502": { _tag: "statusAfter", status: 502, body: "<html>Bad Gateway</html>" },
    "it answers with half a body": { _tag: "truncate" }
  }
  for (const [name, action] of Object.entries(unanswered)) {
    it.live(`makes one machine, found by its dispatch, when ${name}`, () =>
      Effect.gen(function* () {
        const { deliver, dispatched, fly, issue, machinesOf, settled } = yield* onFly({
          launchMillis: 500
        })
        fly.control.failNext({ match: create, action })
        const identifier = issue()
        const dispatch = yield* dispatched(identifier)
        assert.lengthOf(machinesOf(dispatch), 1)
        yield* deliver(dispatch)
        assert.strictEqual((yield* settled(identifier)).status, "succeeded")
        assert.lengthOf(fly.machines(), 1)
      })
    )
  }

  it.live("revokes the credential of an attempt that made no machine, and no other", () =>
    Effect.gen(function* () {
      const { dispatched, events, fly, issue, machinesOf, services, sql } = yield* onFly({
        launchMillis: 500
      })
      const later: Action = { _tag: "status", status: 429, headers: { "retry-after": "1" } }
      fly.control.failNext({ match: create, action: later })
      fly.control.failNext({ match: create, action: { _tag: "hang" } })
      const dispatch = yield* dispatched(issue())
      assert.includeMembers(yield* events(dispatch.id), ["not_sent", "uncertain"])
      assert.lengthOf(yield* sql`select 1 from runner_credentials`, 2)
      const [machine] = machinesOf(dispatch)
      const { AI_IMPLEMENT_TOKEN: token = "" } = yield* Effect.orDie(fly.environmentOf(machine?.id ?? ""))
      const holder = yield* Context.get(services, RunnerCredentialsRepo).holder(token)
      assert.strictEqual(holder?.dispatchId, dispatch.id)
    })
  )

  it.live("finds the machine that an earlier attempt has made, when its name is taken", () =>
    Effect.gen(function* () {
      const { events, fly, issue, pass, running, sql, until } = yield* onFly({ timeoutMillis: 20_000 })
      const held = hold(fly.control, create)
      const identifier = issue()
      yield* pass
      yield* held
      const dispatch = yield* until(identifier, () => true)
      const [instance] = yield* sql`select orchestrator_id from instance`
      const metadata = {
        [metadataNames.orchestrator]: String(instance?.["orchestratorId"]),
        [metadataNames.dispatch]: dispatch.id
      }
      const { id } = yield* fly.putMachine({ app: "sessions", name: machineName(dispatch.id), metadata })
      fly.control.letGo()
      const found = yield* running(identifier)
      assert.deepInclude(found.run, { kind: "fly", machineId: MachineId.make(id) })
      assert.includeMembers(yield* events(dispatch.id), ["uncertain", "running"])
      assert.lengthOf(fly.machines(), 1)
    })
  )

  it.live("that Fly has no capacity for is lost, says what to do, and is retried later", () =>
    Effect.gen(function* () {
      const { comments, fly, issue, labels, pass, settled, waitsFor } = yield* onFly()
      fly.control.failNext({
        match: create,
        action: { _tag: "status", status: 422, body: { error: "insufficient CPUs available" } }
      })
      const identifier = issue()
      yield* pass
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.outcome?.kind, end.outcome?.reason], ["lost", "launch_refused"])
      assert.include(comments(identifier)[0], "choose another region or a smaller machine")
      assert.deepStrictEqual([...labels(identifier)], ["AI-Implement"])
      yield* waitsFor(identifier, "backing_off")
    })
  )

  it.live("that is never confirmed is left to an operator", () =>
    Effect.gen(function* () {
      const { comments, events, fly, issue, pass, settled, waitsFor } = yield* onFly({
        launchMillis: 300,
        policy: { retry: { retryBase: Duration.millis(20), retryMax: Duration.millis(50) } }
      })
      fly.control.failNext({ match: create, times: 2, action: { _tag: "hang" } })
      const identifier = issue()
      yield* pass
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["failed", "launch_unconfirmed"])
      assert.include(comments(identifier)[0], "Look on Fly, then retry here")
      assert.include(yield* events(end.id), "machine_done")
      assert.lengthOf(fly.machines(), 0)
      yield* waitsFor(identifier, "dedup")
    })
  )

  it.live("that is never confirmed destroys its machine when the machine is listed later", () =>
    Effect.gen(function* () {
      const { fly, issue, pass, settled, sql, until } = yield* onFly({
        launchMillis: 300,
        policy: { readiness: { perPass: 0 }, launch: { undecidedAfter: Duration.millis(300) } }
      })
      fly.control.failNext({ match: create, action: { _tag: "hang" } })
      fly.control.failNext({ match: "Machines_list", times: Infinity, action: refusal })
      const identifier = issue()
      yield* pass
      const dispatch = yield* until(identifier, ({ outcome }) => outcome !== null)
      assert.strictEqual(dispatch.outcome?.reason, "launch_unconfirmed")
      const [instance] = yield* sql`select orchestrator_id from instance`
      const { id } = yield* fly.putMachine({
        app: "sessions",
        name: machineName(dispatch.id),
        metadata: {
          [metadataNames.orchestrator]: String(instance?.["orchestratorId"]),
          [metadataNames.dispatch]: dispatch.id
        }
      })
      fly.control.clearFaults()
      yield* settled(identifier)
      yield* eventually(
        "it is destroyed",
        Effect.sync(() => fly.findMachine(id)?.state),
        (state) => state === "destroyed"
      )
    })
  )

  it.live("that is stopped before its answer came leaves no machine", () =>
    Effect.gen(function* () {
      const { dispatches, fly, issue, pass, settled, until } = yield* onFly({
        launchMillis: 500,
        policy: { readiness: { perPass: 0 }, monitor: { machineInterval: Duration.minutes(1) } }
      })
      fly.control.failNext({ match: create, action: { _tag: "hangAfter" } })
      fly.control.failNext({ match: "Machines_list", times: Infinity, action: refusal })
      const identifier = issue()
      yield* pass
      const dispatch = yield* until(identifier, ({ status }) => /launching|uncertain/.test(status))
      yield* dispatches.cancel(dispatch.id, operator)
      fly.control.clearFaults()
      const end = yield* settled(identifier)
      assert.deepStrictEqual([end.status, end.outcome?.reason], ["cancelled", "operator"])
      assert.lengthOf(fly.machines(), 1)
      yield* eventually(
        "the machine is destroyed",
        Effect.sync(() => fly.machines()[0]?.state),
        (state) => state === "destroyed"
      )
    })
  )
})

describe("where a dispatch runs is fixed when it is admitted", () => {
  it.live("whatever becomes of its mapping and of the settings", () =>
    Effect.gen(function* () {
      const { deliver, dispatched, issue, machinesOf, map, mappings, services, settled } = yield* onFly()
      const identifier = issue()
      const dispatch = yield* dispatched(identifier)
      const settings = Context.get(services, Settings)
      yield* map({ executionMode: "github-actions", repo: "other", machineCpus: 8, machineMemoryMb: 16_384 })
      yield* settings.setRunnerMode("gha", operator)
      yield* Effect.orDie(settings.save({ flySessionsApp: "elsewhere" }, operator))
      yield* Effect.orDie(mappings.remove(TeamKey.make("ENG"), { ifIdle: false }, operator))
      const pull = yield* deliver(dispatch)
      const end = yield* settled(identifier)
      assert.deepStrictEqual(
        [end.status, end.executionMode, end.runnerMode, end.pullRequest?.number],
        ["succeeded", "fly-machines", "default", pull.number]
      )
      assert.include(["destroying", "destroyed"], machinesOf(dispatch)[0]?.state)
    })
  )

  it.live(
    "and the runner mode at that time decides: fly and gha over the mapping, default as the mapping says",
    () =>
      Effect.gen(function* () {
        const { dispatched, fly, github, issue, services } = yield* onFly({
          mapping: { executionMode: "github-actions", maxInProgressAiIssues: 10 }
        })
        const settings = Context.get(services, Settings)
        const modes = ["fly", "gha", "default", "fly"] as const
        for (const mode of modes) {
          yield* settings.setRunnerMode(mode, operator)
          const dispatch = yield* dispatched(issue())
          assert.deepStrictEqual(
            [dispatch.runnerMode, dispatch.executionMode, dispatch.run?.kind],
            mode === "fly" ? [mode, "fly-machines", "fly"] : [mode, "github-actions", "github"]
          )
        }
        assert.deepStrictEqual([fly.machines().length, github.runs().length], [2, 2])
      })
  )

  it.live("bedrock waits while the runner mode sends everything to Fly", () =>
    Effect.gen(function* () {
      const { dispatched, issue, services, waitsFor } = yield* onFly({
        env: { RUNNER_MODE: "" },
        mapping: { executionMode: "github-actions", provider: "bedrock", awsRegion: "eu-central-1" }
      })
      const settings = Context.get(services, Settings)
      yield* settings.setRunnerMode("fly", operator)
      const identifier = issue()
      assert.deepStrictEqual(yield* waitsFor(identifier, "provider_unsupported"), {
        _tag: "provider_unsupported",
        provider: "bedrock",
        mode: "fly-machines"
      })
      yield* settings.setRunnerMode("default", operator)
      assert.strictEqual((yield* dispatched(identifier)).executionMode, "github-actions")
    })
  )
})
