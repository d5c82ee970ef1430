import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as SqlClient from "effect/sql/SqlClient"
import * as App from "../../src/App.ts"
import { IssueCommands } from "../../src/dispatching/commands/IssueCommands.ts"
import { Issues } from "../../src/dispatching/issues/Issues.ts"
import { DispatchCommands } from "../../src/dispatching/commands/DispatchCommands.ts"
import { Dispatches } from "../../src/dispatching/dispatches/Dispatches.ts"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { MappingInput } from "../../src/domain/Mapping.ts"
import type { ReasonTag } from "../../src/domain/Reason.ts"
import { TransitionsRepo } from "../../src/dispatching/dispatches/TransitionsRepo.ts"
import { CreateSpacing } from "../../src/upstreams/fly/queue.ts"
import { dispatchOf } from "../../src/dispatching/sessions/MachineRuns.ts"
import { GitHubLimits } from "../../src/upstreams/github/limiter.ts"
import { Reports } from "../../src/dispatching/lifecycle/Reports.ts"
import { Policy } from "../../src/dispatching/lifecycle/policy.ts"
import { Mappings } from "../../src/admin/Mappings.ts"
import { Passes } from "../../src/dispatching/poller/Passes.ts"
import type { Exit } from "../../src/sandbox/Fly.ts"
import type { IssueDraft } from "../../src/sandbox/Linear.ts"
import type { Conclusion } from "../../src/sandbox/GitHub.ts"
import { ReadinessPolicy } from "../../src/dispatching/readiness/due.ts"
import { RunnerProgram } from "../../src/dispatching/templates/Templates.ts"
import { CallTimeout, LaunchTimeout } from "../../src/upstreams/client/call.ts"
import { config } from "./config.ts"
import { eventually } from "./eventually.ts"
import { TestDb } from "./TestDb.ts"
import { makeWorld, type WorldOptions } from "./world.ts"
import { StoredDispatchId, TeamKey } from "../../src/domain/Ids.ts"

/** What repositories get instead of the bundled program. */
export const runnerProgram = { version: "1.2.3", content: "console.log('runner')\n" }

export interface EngineOptions extends WorldOptions {
  readonly runner?: typeof RunnerProgram.Service
  readonly env?: Record<string, string>
  readonly policy?: Partial<Policy>
  readonly readiness?: Partial<ReadinessPolicy>
  /** Of any one call upstream. */
  readonly timeoutMillis?: number
  /** Of a call that starts a run, where it differs. */
  readonly launchMillis?: number
  readonly mapping?: Omit<MappingInput, "teamKey"> | null
}

const operator = { name: "Olga", session: null, address: null }
export const planParts: ReadonlyArray<string> = ["Architecture Analysis", "Test Plan", "Cross-Story Context"]
const repository = { owner: "acme", repo: "app" }

/** A life of minutes in tenths of a second. */
const quick = {
  leaseMargin: Duration.millis(200),
  lookupGap: Duration.millis(150),
  absenceAfterLease: Duration.millis(200),
  undecidedAfter: Duration.minutes(5),
  neverStartedAfter: Duration.minutes(30),
  machineNeverStartedAfter: Duration.minutes(10),
  forceAfter: Duration.millis(300),
  notConfirmedAfter: Duration.millis(700),
  placeGoneAfter: Duration.seconds(1),
  pullRequestLooks: [Duration.zero, Duration.millis(100), Duration.millis(200)],
  retryBase: Duration.millis(50),
  retryMax: Duration.millis(400),
  giveUpAfter: Duration.days(7),
  monitorInterval: Duration.millis(100),
  machineInterval: Duration.millis(100),
  pullRequestInterval: Duration.millis(200),
  reaperInterval: Duration.minutes(1),
  questionInterval: Duration.millis(100),
  unreadThreadAfter: Duration.millis(500)
} satisfies Partial<Policy>

/** The service without HTTP, on a database and upstreams of its own, which must have nothing to complain of. */
export const start = Effect.fn("engine.start")(function* (options: EngineOptions = {}) {
  const { fly, github, linear, env } = yield* makeWorld(options)
  const timeout = Duration.millis(options.timeoutMillis ?? 3000)
  const layer = App.service.pipe(
    Layer.provide(
      Layer.mergeAll(
        Layer.succeed(Policy, { ...quick, ...options.policy }),
        Layer.succeed(ReadinessPolicy, {
          readyFor: Duration.minutes(10),
          notReadyFor: Duration.zero,
          perPass: 20,
          budget: Duration.seconds(5),
          ...options.readiness
        }),
        Layer.succeed(RunnerProgram, options.runner ?? Effect.succeed(runnerProgram)),
        Layer.succeed(CallTimeout, timeout),
        Layer.succeed(LaunchTimeout, Duration.millis(options.launchMillis ?? Duration.toMillis(timeout))),
        Layer.succeed(GitHubLimits, null),
        Layer.succeed(CreateSpacing, null)
      )
    ),
    Layer.provideMerge(TestDb),
    Layer.provideMerge(config({ ...env, POLL_INTERVAL_MS: "86400000", ...options.env })),
    Layer.provide(Layer.succeed(References.MinimumLogLevel, "None"))
  )
  const services = yield* Layer.build(layer)
  const [candidates, dispatches, mappings, passes, sql] = [
    { ...Context.get(services, IssueCommands), ...Context.get(services, Issues) },
    { ...Context.get(services, Dispatches), cancel: Context.get(services, DispatchCommands).cancel },
    Context.get(services, Mappings),
    Context.get(services, Passes),
    Context.get(services, SqlClient.SqlClient)
  ]
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      const violations = [linear, github.control, fly.control].flatMap((control) => control.violations())
      assert.deepStrictEqual(violations, [])
    })
  )

  const map = (input: Partial<MappingInput> = {}) =>
    Effect.orDie(
      mappings.save(
        { teamKey: TeamKey.make("ENG"), ...repository, planningEnabled: false, ...input },
        operator
      )
    )
  if (options.mapping !== null) yield* map(options.mapping)

  /** A whole pass that began after this was asked for. */
  const pass = Effect.gen(function* () {
    const id = yield* passes.request("test")
    const rows = yield* eventually(
      "the pass has finished",
      Effect.orDie(sql`select dispatched, error from passes where id = ${id} and finished_at is not null`),
      (rows) => rows.length > 0
    )
    return rows[0]
  })

  /** An issue with the pickup label; answers its identifier. */
  const issue = (draft: Partial<IssueDraft> = {}) =>
    linear.createIssue({ team: "ENG", title: "Add a logo", labels: ["AI-Implement"], ...draft })

  const attempts = (identifier: string) => dispatches.log({ issue: identifier, limit: 100 })

  /** The latest dispatch of the issue, once it is as wanted. */
  const until = (identifier: string, wanted: (dispatch: Dispatch) => boolean, seconds?: number) =>
    eventually(
      `the latest dispatch of ${identifier}`,
      Effect.map(attempts(identifier), ([latest]) => latest),
      (latest) => latest !== undefined && wanted(latest),
      seconds
    ).pipe(Effect.map((latest) => latest as Dispatch))

  const running = (identifier: string) => until(identifier, ({ status }) => status === "running")
  const settled = (identifier: string, seconds?: number) =>
    until(identifier, ({ settledAt }) => settledAt !== null, seconds)

  /** A pass that dispatches the issue, up to where its run is known. */
  const dispatched = (identifier: string) => Effect.andThen(pass, running(identifier))

  const reason = (identifier: string) =>
    Effect.map(candidates.list({ issue: identifier }), ([found]) => found?.reason ?? null)

  const waitsFor = Effect.fnUntraced(function* (identifier: string, tag: ReasonTag) {
    yield* pass
    const found = yield* reason(identifier)
    assert.strictEqual(found?._tag, tag)
    return found
  })

  const labels = (identifier: string) => linear.issueByIdentifier(identifier)?.labels ?? []
  const labelled = (identifier: string, label: string) =>
    eventually(
      `${identifier} has the label ${label}`,
      Effect.sync(() => labels(identifier)),
      (worn) => worn.includes(label)
    )
  const comments = (identifier: string) =>
    (linear.issueByIdentifier(identifier)?.comments ?? []).map(({ body }) => body)

  const events = (id: string) =>
    Effect.map(Effect.orDie(dispatches.events(StoredDispatchId.make(id))), (all) =>
      all.map(({ type }) => type)
    )

  /** Until the issue has its labels and state: what a test changes there afterwards is not overwritten. */
  const announced = ({ id }: Dispatch) =>
    eventually(`the issue of ${id} is announced`, events(id), (types) => types.includes("announced"))

  const runsOf = (dispatch: Dispatch) => github.findRuns(dispatch.id)

  /** Destroyed ones too. */
  const machinesOf = (dispatch: Dispatch) =>
    fly.machines().filter(({ config }) => dispatchOf({ metadata: config.metadata ?? {} }) === dispatch.id)

  const startMachine = Effect.fnUntraced(function* (dispatch: Dispatch) {
    for (const { id } of machinesOf(dispatch)) yield* fly.startMachine(id)
  }, Effect.orDie)

  const exitMachine = Effect.fnUntraced(function* (dispatch: Dispatch, exit: Exit) {
    yield* startMachine(dispatch)
    for (const { id } of machinesOf(dispatch)) yield* fly.exitMachine(id, exit)
  }, Effect.orDie)

  const finish = Effect.fnUntraced(function* (dispatch: Dispatch, conclusion: Conclusion) {
    for (const { id } of runsOf(dispatch)) {
      yield* github.startRun(id)
      yield* github.finishRun(id, conclusion)
    }
    yield* exitMachine(dispatch, { code: conclusion === "success" ? 0 : 1 })
  }, Effect.orDie)

  /** The agent opens a pull request and its run ends well. */
  const deliver = Effect.fnUntraced(function* (dispatch: Dispatch, { draft = false } = {}) {
    const pull = yield* github.openPullRequest({
      ...repository,
      branch: dispatch.branch,
      title: `${dispatch.issueIdentifier}: done`,
      draft
    })
    yield* finish(dispatch, "success")
    return pull
  }, Effect.orDie)

  /** The planning run reports its plan and ends well. */
  const deliverPlan = Effect.fnUntraced(function* (
    dispatch: Dispatch,
    parts: ReadonlyArray<string> = planParts
  ) {
    const row = yield* Context.get(services, TransitionsRepo).find(dispatch.id)
    assert.isNotNull(row)
    yield* Context.get(services, Reports).accept(row, {
      dispatchId: dispatch.id,
      phase: dispatch.phase,
      outcome: "delivered",
      plan: parts.map((title) => ({ title, markdown: `${title} of ${dispatch.id}` }))
    })
    yield* finish(dispatch, "success")
  })

  return {
    announced,
    fly,
    github,
    linear,
    sql,
    services,
    candidates,
    dispatches,
    mappings,
    passes,
    map,
    pass,
    issue,
    attempts,
    until,
    running,
    settled,
    dispatched,
    reason,
    waitsFor,
    labels,
    labelled,
    comments,
    events,
    runsOf,
    machinesOf,
    startMachine,
    exitMachine,
    finish,
    deliver,
    deliverPlan
  }
})

export { operator, repository }
