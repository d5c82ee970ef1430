import { assert, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { Fly } from "../../../src/upstreams/fly/Fly.ts"
import { MachineRuns } from "../../../src/upstreams/RunBackends.ts"
import { Fly as Sandbox } from "../../../src/sandbox/Fly.ts"
import { backendLayer, type Given, launch, orchestratorId, place } from "../../support/flyBackend.ts"
import { app, reasonOf, secretValue, values } from "../../support/flyClient.ts"
import { MachineId } from "../../../src/domain/Ids.ts"

const live = <E>(name: string, test: Effect.Effect<void, E, MachineRuns | Fly | Sandbox>, given?: Given) =>
  it.live(name, () =>
    Effect.andThen(
      test,
      Effect.map(Sandbox, ({ control }) => assert.deepStrictEqual(control.violations(), []))
    ).pipe(Effect.provide(backendLayer(given)))
  )

const started = Effect.gen(function* () {
  const run = yield* (yield* MachineRuns).launch(launch)
  const sandbox = yield* Sandbox
  const [machine] = sandbox.machines(app)
  const seen = Object.entries(yield* Effect.orDie(sandbox.environmentOf(machine?.id ?? "")))
  return {
    run,
    machine,
    environment: Object.fromEntries(seen.filter(([name]) => !name.startsWith("FLY_")))
  }
})

live(
  "a machine is named after its dispatch, sized, never restarted, and says whose it is and what for",
  Effect.gen(function* () {
    const { machine, run } = yield* started
    assert.deepInclude(run, { kind: "fly", app, machineId: MachineId.make(machine?.id ?? ""), region: "ams" })
    assert.strictEqual(machine?.name, `ai-implement-${launch.dispatchId}`)
    assert.deepInclude(machine?.given, {
      image: "images.test/session:1",
      guest: { cpu_kind: "shared", cpus: 2, memory_mb: 1024 },
      restart: { policy: "no" },
      auto_destroy: false,
      metadata: {
        ai_implement_orchestrator: orchestratorId,
        ai_implement_dispatch: launch.dispatchId,
        ai_implement_issue: "ENG-42",
        ai_implement_repository: "acme/web"
      }
    })
  })
)

live(
  "a machine sees its address and token, the keys of the service, the extra variables, and nothing else",
  Effect.gen(function* () {
    const fly = yield* Fly
    yield* fly.secrets.set(app, values({ OPS_TOKEN: "of another team" }))
    const run = yield* (yield* MachineRuns).launch({ ...launch, extraEnv: { NODE_ENV: "test" } })
    const sandbox = yield* Sandbox
    const seen = yield* Effect.orDie(sandbox.environmentOf(run?.kind === "fly" ? run.machineId : ""))
    assert.deepInclude(seen, {
      AI_IMPLEMENT_URL: "https://ai-implement.test",
      AI_IMPLEMENT_DISPATCH_ID: launch.dispatchId,
      AI_IMPLEMENT_TOKEN: secretValue,
      ANTHROPIC_API_KEY: "key-of-the-service",
      NODE_ENV: "test"
    })
    assert.notProperty(seen, "OPS_TOKEN")
    assert.notProperty(seen, "CLAUDE_CODE_OAUTH_TOKEN")
  }),
  { env: { ANTHROPIC_API_KEY: "key-of-the-service" } }
)

live(
  "a team's own key takes the place of the service's",
  Effect.gen(function* () {
    const fly = yield* Fly
    yield* fly.secrets.set(app, values({ ENG_ANTHROPIC_API_KEY: "key-of-the-team" }))
    const { environment, machine } = yield* started
    assert.strictEqual(environment["ANTHROPIC_API_KEY"], "key-of-the-team")
    assert.notProperty(machine?.config.env, "ANTHROPIC_API_KEY")
  }),
  {
    env: { ANTHROPIC_API_KEY: "key-of-the-service" },
    secrets: { secrets: [{ name: "ENG_ANTHROPIC_API_KEY", variable: "ANTHROPIC_API_KEY" }], version: 1 }
  }
)

live(
  "no secret takes the place of the machine's own token",
  Effect.gen(function* () {
    yield* (yield* Fly).secrets.set(app, values({ ENG_AI_IMPLEMENT_TOKEN: "of someone" }))
    const { environment } = yield* started
    assert.strictEqual(environment["AI_IMPLEMENT_TOKEN"], secretValue)
  }),
  { secrets: { secrets: [{ name: "ENG_AI_IMPLEMENT_TOKEN", variable: "AI_IMPLEMENT_TOKEN" }], version: 1 } }
)

live(
  "a machine that would not see a secret yet is refused",
  Effect.gen(function* () {
    const reason = yield* reasonOf((yield* MachineRuns).launch(launch))
    assert.strictEqual(reason._tag, "Rejected")
    assert.deepStrictEqual((yield* Sandbox).machines(), [])
  }),
  { secrets: { secrets: [], version: 7 } }
)

live(
  "without an image nothing is sent, and the setting is named",
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* reasonOf((yield* MachineRuns).launch(launch)), {
      _tag: "NotConfigured",
      missing: ["SESSION_IMAGE"]
    })
    assert.deepStrictEqual((yield* Sandbox).control.calls(), [])
  }),
  { env: { SESSION_IMAGE: "" } }
)

live(
  "a machine is found by its dispatch, even when its orchestrator has another id by now",
  Effect.gen(function* () {
    const sandbox = yield* Sandbox
    const metadata = { ai_implement_orchestrator: "before", ai_implement_dispatch: launch.dispatchId }
    const { id } = yield* sandbox.putMachine({ app, name: "ai-implement-before", metadata })
    const machines = yield* MachineRuns
    const since = yield* DateTime.now
    const found = yield* machines.find({ place, dispatchId: launch.dispatchId, since })
    assert.deepStrictEqual(
      found.map(({ run }) => run.kind === "fly" && run.machineId),
      [MachineId.make(id)]
    )
    assert.deepStrictEqual(yield* machines.list({ place, since, runs: [] }), [])
  })
)

live(
  "a machine that ran out of memory, or ended badly, says so",
  Effect.gen(function* () {
    const sandbox = yield* Sandbox
    const machines = yield* MachineRuns
    const since = yield* DateTime.now
    for (const [exit, detail] of [
      [{ code: 137, oomKilled: true }, "the machine ran out of memory"],
      [{ code: 3 }, "the machine ended with exit code 3"]
    ] as const) {
      const run = yield* machines.launch(launch)
      const id = run?.kind === "fly" ? run.machineId : ""
      yield* Effect.orDie(sandbox.startMachine(id))
      yield* Effect.orDie(sandbox.exitMachine(id, exit))
      const [seen] = yield* machines.list({ place, since, runs: [] })
      assert.deepInclude(seen, { state: "completed", conclusion: "failure", detail })
      yield* Effect.orDie(sandbox.vanish(id))
    }
  })
)

live(
  "our machine on a host that does not answer is still followed, and not as created in 1970",
  Effect.gen(function* () {
    const { machine, run } = yield* started
    const sandbox = yield* Sandbox
    const machines = yield* MachineRuns
    const since = yield* DateTime.now
    yield* Effect.orDie(sandbox.setReachable(machine?.id ?? "", false))
    const [seen, ...others] = yield* machines.list({ place, since, runs: run === null ? [] : [run] })
    assert.deepStrictEqual(others, [])
    assert.deepStrictEqual(seen?.run, run)
    assert.isAbove(seen?.createdAt.epochMilliseconds ?? 0, since.epochMilliseconds - 60_000)
    assert.deepStrictEqual(yield* machines.list({ place, since, runs: [] }), [])
    yield* Effect.orDie(sandbox.setReachable(machine?.id ?? "", true))
    const [again] = yield* machines.list({ place, since, runs: [] })
    assert.strictEqual(again?.dispatchId, launch.dispatchId)
  })
)
