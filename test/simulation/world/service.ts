import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as ShardId from "effect/cluster/ShardId"
import * as Sharding from "effect/cluster/Sharding"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as SqlClient from "effect/sql/SqlClient"
import * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import { Audit } from "../../../src/admin/Audit.ts"
import { Instance } from "../../../src/admin/Instance.ts"
import { MappingNotFound, Mappings } from "../../../src/admin/Mappings.ts"
import { Settings } from "../../../src/admin/Settings.ts"
import { Admission } from "../../../src/dispatching/admission/Admission.ts"
import { Callers } from "../../../src/dispatching/callbacks/Callers.ts"
import { CallLimits } from "../../../src/dispatching/callbacks/CallLimits.ts"
import { InvalidToken } from "../../../src/dispatching/callbacks/errors.ts"
import { Runner } from "../../../src/dispatching/callbacks/Runner.ts"
import { DispatchCommands } from "../../../src/dispatching/commands/DispatchCommands.ts"
import { IssueCommands } from "../../../src/dispatching/commands/IssueCommands.ts"
import { PlanCommands } from "../../../src/dispatching/commands/PlanCommands.ts"
import { ContextReader } from "../../../src/dispatching/context/ContextReader.ts"
import { DispatchNotFound, Dispatches } from "../../../src/dispatching/dispatches/Dispatches.ts"
import { MachinesRepo } from "../../../src/dispatching/dispatches/MachinesRepo.ts"
import { RunnerCredentialsRepo } from "../../../src/dispatching/dispatches/RunnerCredentialsRepo.ts"
import { TransitionsRepo } from "../../../src/dispatching/dispatches/TransitionsRepo.ts"
import { Decisions } from "../../../src/dispatching/issues/Decisions.ts"
import { FailureStates } from "../../../src/dispatching/issues/FailureStates.ts"
import { Issues } from "../../../src/dispatching/issues/Issues.ts"
import { Lifecycle } from "../../../src/dispatching/lifecycle/Lifecycle.ts"
import { MonitorPolicy } from "../../../src/dispatching/lifecycle/observe.ts"
import * as Monitor from "../../../src/dispatching/lifecycle/Monitor.ts"
import { Reports } from "../../../src/dispatching/lifecycle/Reports.ts"
import { Settlement } from "../../../src/dispatching/lifecycle/Settlement.ts"
import { Plans } from "../../../src/dispatching/plans/Plans.ts"
import { Passes } from "../../../src/dispatching/poller/Passes.ts"
import * as Poller from "../../../src/dispatching/poller/Poller.ts"
import { QuestionPolicy } from "../../../src/dispatching/questions/policy.ts"
import * as questionLoop from "../../../src/dispatching/questions/questionLoop.ts"
import { Questions } from "../../../src/dispatching/questions/Questions.ts"
import { Readiness } from "../../../src/dispatching/readiness/Readiness.ts"
import { AppConfig } from "../../../src/platform/Config.ts"
import { Signals } from "../../../src/platform/Signals.ts"
import { CodeHost } from "../../../src/upstreams/CodeHost.ts"
import { Upstreams } from "../../../src/upstreams/health/Upstreams.ts"
import { MachineRuns, RunBackends } from "../../../src/upstreams/RunBackends.ts"
import { Tracker } from "../../../src/upstreams/Tracker.ts"
import { config } from "../../support/config.ts"
import { repos } from "../../support/memory/layer.ts"
import * as Memory from "../../support/memory/Memory.ts"
import * as t from "../../support/memory/tables.ts"
import type { Replica } from "./Replica.ts"
import { pickup, type Upstreams as Vendors } from "./Upstreams.ts"
import type { Durable } from "./Durable.ts"
import type { Ground } from "./Ground.ts"

interface Around {
  readonly ground: Ground
  readonly upstreams: Vendors
  readonly durable: Durable
  readonly signal: (name: string) => void
}

const env = {
  LINEAR_API_KEY: "lin",
  GITHUB_APP_ID: "1",
  PICKUP_LABEL: pickup,
  POLL_INTERVAL_MS: "90000",
  MAX_DISPATCHES_PER_HOUR: "0"
}
const settings = (given: Record<string, string>) =>
  Layer.succeed(AppConfig, {
    ...Context.get(Effect.runSync(Effect.scoped(Layer.build(config({ ...env, ...given })))), AppConfig),
    GITHUB_APP_PRIVATE_KEY: Redacted.make("key")
  })
const configs = {
  callback: settings({ PUBLIC_URL: "https://ai-implement.test" }),
  alone: settings({})
}

/** The token of a run; each call has one of its own. */
export const jobToken = (runId: number) => `run/${runId}`

// Runs are known by their tokens; that these are genuine is no part of the protocol.
const callers = Layer.effect(
  Callers,
  Effect.gen(function* () {
    const transitions = yield* TransitionsRepo
    const credentials = yield* RunnerCredentialsRepo
    const refusal = new InvalidToken({ message: "no such token" })
    return Callers.of({
      refusal: () => Effect.succeed(null),
      identify: Effect.fnUntraced(function* (token, dispatchId) {
        const row = yield* transitions.find(dispatchId)
        if (row === null) return yield* new DispatchNotFound({ message: "no such dispatch" })
        const runId = Number(token?.split("run/")[1])
        if (Number.isInteger(runId)) return { _tag: "Job", row, claimant: `github/${runId}`, runId } as const
        const holder = token === null ? null : yield* credentials.holder(token)
        return holder?.dispatchId === dispatchId ? ({ _tag: "Asker", row } as const) : yield* refusal
      })
    })
  })
)

const random = (ground: Ground) => {
  const uuid = (() => Effect.sync(() => ground.uuid())) as unknown as SecureRandom.UuidGenerator
  return Layer.mock(SecureRandom.SecureRandom, { uuidV4: uuid, uuidV7: uuid })
}

const cluster = (durable: Durable, replica: Replica) =>
  Layer.mergeAll(
    Layer.mock(Sharding.Sharding, {
      getShardId: () => ShardId.make("default", 1),
      hasShardId: () => true,
      registerSingleton: <E, R>(name: string, run: Effect.Effect<void, E, R>) =>
        Effect.map(Effect.context<R>(), (context) => {
          replica.singletons.set(name, Effect.provideContext(run, context).pipe(Effect.orDie))
        })
    }),
    MessageStorage.layerNoop,
    Layer.succeed(WorkflowEngine.WorkflowEngine, durable.engineOf(replica))
  )

const signals = (signal: Around["signal"], replica: Replica) =>
  Layer.effect(
    Signals,
    Effect.map(SqlClient.SqlClient, (sql) =>
      Signals.of({
        notify: (who) => sql.afterCommit(Effect.sync(() => signal(who))),
        subscribe: Effect.fnUntraced(
          function* (who) {
            const queue = yield* Queue.sliding<void>(1)
            const listen = (name: string) => {
              if (name === who) Queue.offerUnsafe(queue, undefined)
            }
            yield* Effect.acquireRelease(
              Effect.sync(() => replica.listeners.add(listen)),
              () => Effect.sync(() => replica.listeners.delete(listen))
            )
            return queue
          },
          Effect.map((queue) => Queue.take(queue))
        )
      })
    )
  )

const admin = (ground: Ground) =>
  Layer.mergeAll(
    Layer.mock(Audit, {
      record: () => Effect.void,
      intend: () => Effect.succeed({ confirm: Effect.void, withdraw: Effect.void })
    }),
    Layer.mock(Instance, { paused: Effect.succeed(null) }),
    Layer.mock(Settings, {
      runnerMode: Effect.succeed({
        mode: "default",
        source: "default",
        storedMode: null,
        overriddenByEnv: false
      } as const),
      machines: { app: null, region: null }
    }),
    Layer.mock(Mappings, {
      get: (teamKey) =>
        Effect.suspend(() => {
          const found = ground.store.all(t.mappings).find((mapping) => mapping.teamKey === teamKey)
          return found === undefined
            ? Effect.fail(new MappingNotFound({ message: "no mapping" }))
            : Effect.succeed(found)
        })
    }),
    Layer.mock(Readiness, {
      refresh: (_, context) => Effect.succeed(context),
      reconsider: (_, context) => Effect.succeed(context)
    }),
    Layer.mock(MachinesRepo, { apps: Effect.succeed([]) })
  )

const upstreams = (vendors: Vendors, replica: Replica) =>
  Layer.mergeAll(
    Layer.mock(Upstreams, { states: Effect.succeed([]) }),
    Layer.succeed(Tracker, vendors.trackerOf(replica)),
    Layer.succeed(RunBackends, vendors.runBackendsOf(replica)),
    Layer.mock(MachineRuns, {}),
    Layer.mock(CodeHost, vendors.codeHostOf(replica))
  )

const dispatching = Layer.mergeAll(Poller.layerNoDeps, Monitor.layer, questionLoop.layer).pipe(
  Layer.provideMerge(IssueCommands.layerNoDeps),
  Layer.provideMerge(Layer.merge(PlanCommands.layerNoDeps, DispatchCommands.layerNoDeps)),
  Layer.provideMerge(
    Layer.merge(Runner.layerNoDeps.pipe(Layer.provide([callers, CallLimits.layer])), Passes.layerNoDeps)
  ),
  Layer.provideMerge(Layer.merge(Questions.layerNoDeps, Plans.layer)),
  Layer.provideMerge(Dispatches.layerNoDeps),
  Layer.provideMerge(Reports.layerNoDeps),
  Layer.provideMerge(Lifecycle.layer),
  Layer.provideMerge(Settlement.layerNoDeps),
  Layer.provideMerge(FailureStates.layerNoDeps),
  Layer.provideMerge(Layer.merge(Decisions.layer, Issues.layer)),
  Layer.provideMerge(Layer.merge(ContextReader.layer, Admission.layerNoDeps))
)

// As in production, but that what only looks more often than a signal would is slower.
const policies = Layer.mergeAll(
  Layer.succeed(MonitorPolicy, {
    ...MonitorPolicy.defaultValue(),
    runInterval: Duration.seconds(30),
    machineInterval: Duration.hours(12)
  }),
  Layer.succeed(QuestionPolicy, { ...QuestionPolicy.defaultValue(), interval: Duration.seconds(60) })
)

/** The dispatching core of a replica, as in production but for what is around it. */
export const serviceOf = ({ durable, ground, signal, upstreams: vendors }: Around, replica: Replica) =>
  Layer.build(
    dispatching.pipe(
      Layer.provide(policies),
      Layer.provideMerge(repos),
      Layer.provideMerge(
        Layer.mergeAll(upstreams(vendors, replica), admin(ground), cluster(durable, replica))
      ),
      Layer.provideMerge(signals(signal, replica)),
      Layer.provideMerge(Memory.layer(ground.store, replica, replica.link)),
      Layer.provideMerge(random(ground)),
      Layer.provideMerge(ground.plan.callback ? configs.callback : configs.alone)
    )
  ).pipe(Effect.provideService(Scope.Scope, Scope.makeUnsafe())) as unknown as Effect.Effect<
    Context.Context<never>
  >

export type Served = IssueCommands | DispatchCommands | Runner | Passes | Questions
