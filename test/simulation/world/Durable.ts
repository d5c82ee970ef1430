import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Workflow from "effect/workflow/Workflow"
import * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import type { Replica } from "./Replica.ts"
import type { Ground } from "./Ground.ts"

type Execute = (
  payload: object,
  executionId: string
) => Effect.Effect<unknown, unknown, WorkflowEngine.WorkflowInstance | WorkflowEngine.WorkflowEngine>

interface Run {
  readonly replica: Replica
  readonly instance: WorkflowEngine.WorkflowInstance["Service"]
  fiber: Fiber.Fiber<unknown, unknown> | null
}

interface Execution {
  readonly id: string
  readonly workflow: Workflow.Any
  readonly payload: object
  result: Workflow.Result<unknown, unknown> | null
  run: Run | null
  /** Something it may wait for has happened since its run began. */
  signalled: boolean
}

/**
 * What a cluster's workflow engine keeps in the database, and which replica runs what. An execution whose replica is
 * killed or frozen is run again elsewhere, from the results of its activities.
 */
export class Durable {
  readonly #ground: Ground
  readonly #anyReplica: () => Replica | null
  readonly #executions = new Map<string, Execution>()
  readonly #activities = new Map<string, Workflow.Result<unknown, unknown>>()
  readonly #deferreds = new Map<string, Exit.Exit<unknown, unknown>>()
  readonly #clocks = new Set<string>()

  constructor(ground: Ground, anyReplica: () => Replica | null) {
    this.#ground = ground
    this.#anyReplica = anyReplica
  }

  #later(maxMillis: number, run: () => void): void {
    this.#ground.time.after(this.#ground.chance.int(maxMillis), run)
  }

  /** Runs what has no live replica any more. */
  takeOver(): void {
    for (const execution of this.#executions.values()) {
      const { result, run } = execution
      if (result === null && (run === null || !run.replica.live)) {
        execution.run = null
        this.#start(execution)
      }
    }
  }

  /** A thawed replica notices what it may have lost. */
  abandon(replica: Replica, runs: ReadonlyArray<Run>): void {
    for (const { fiber, instance } of runs) {
      instance.abandoned = true
      if (fiber !== null) replica.fork(Fiber.interrupt(fiber))
    }
  }

  runsOf(replica: Replica): ReadonlyArray<Run> {
    return [...this.#executions.values()].flatMap(({ run }) => (run?.replica === replica ? run : []))
  }

  #signal(id: string, deferred: string): void {
    const execution = this.#executions.get(id)
    if (execution === undefined || execution.result !== null) return
    execution.signalled = true
    const { run } = execution
    if (run === null) return this.#start(execution)
    if (!run.replica.live || run.fiber === null) return
    if (!run.instance.awaitedDeferreds.has(deferred)) return
    run.instance.suspended = true
    run.replica.fork(Fiber.interrupt(run.fiber))
  }

  #start(execution: Execution): void {
    if (execution.run !== null || execution.result !== null) return
    const replica = this.#anyReplica()
    const execute = replica?.workflows.get(execution.workflow._tag)
    if (replica === null || execute === undefined) return
    execution.signalled = false
    const instance = WorkflowEngine.WorkflowInstance.initial(execution.workflow, execution.id)
    const run: Run = { replica, instance, fiber: null }
    execution.run = run
    const finish = (exit: Exit.Exit<Workflow.Result<unknown, unknown>>) =>
      Effect.sync(() => {
        if (execution.run !== run) return
        execution.run = null
        if (Exit.isSuccess(exit) && exit.value._tag === "Complete") execution.result = exit.value
        else if (Exit.isFailure(exit) || execution.signalled) this.#later(200, () => this.#start(execution))
      })
    const fiber = replica.fork(
      execute(execution.payload, execution.id).pipe(
        Workflow.intoResult,
        Effect.provideService(WorkflowEngine.WorkflowInstance, instance)
      )
    )
    run.fiber = fiber
    fiber.addObserver((exit) => replica.fork(Effect.andThen(replica.step, finish(exit))))
  }

  /** The engine as a replica reaches it. */
  engineOf(replica: Replica): WorkflowEngine.WorkflowEngine["Service"] {
    const step = replica.step
    const activities = this.#activities
    const stored = <A>(write: () => A) => step.pipe(Effect.andThen(Effect.sync(write)), Effect.tap(step))
    const complete = (id: string, name: string, exit: Exit.Exit<unknown, unknown>) => {
      const key = `${id}/${name}`
      if (this.#deferreds.has(key)) return
      this.#deferreds.set(key, exit)
      this.#later(2000, () => this.#signal(id, name))
    }
    const noParents = () =>
      Effect.die(new Error("the workflow of a dispatch has no parent and is not interrupted"))

    return WorkflowEngine.makeUnsafe({
      register: (workflow, execute) =>
        Effect.sync(() => void replica.workflows.set(workflow._tag, execute as Execute)),
      execute: (workflow, { discard, executionId, payload }) =>
        stored(() => {
          if (!discard) throw new Error("only discarded executions are simulated")
          if (this.#executions.has(executionId)) return
          const execution = { id: executionId, workflow, payload, result: null, run: null, signalled: false }
          this.#executions.set(executionId, execution)
          this.#later(1000, () => this.#start(execution))
        }) as Effect.Effect<never>,
      poll: (_, executionId) =>
        stored(() => Option.fromNullishOr(this.#executions.get(executionId)?.result ?? null)),
      interrupt: noParents,
      interruptUnsafe: noParents,
      resume: noParents,
      activityExecute: (activity, attempt) =>
        Effect.gen(function* () {
          const instance = yield* WorkflowEngine.WorkflowInstance
          const key = `${instance.executionId}/${activity.name}/${attempt}`
          yield* step
          const before = activities.get(key)
          if (before !== undefined) return before
          const own = WorkflowEngine.WorkflowInstance.initial(instance.workflow, instance.executionId)
          const result: Workflow.Result<unknown, unknown> = yield* activity.executeEncoded.pipe(
            Workflow.intoResult,
            Effect.provideService(WorkflowEngine.WorkflowInstance, own)
          )
          yield* step
          if (result._tag === "Complete" && !activities.has(key)) activities.set(key, result)
          yield* step
          return result
        }),
      deferredResult: (deferred) =>
        Effect.flatMap(WorkflowEngine.WorkflowInstance, ({ executionId }) =>
          stored(() => Option.fromNullishOr(this.#deferreds.get(`${executionId}/${deferred.name}`)))
        ),
      deferredDone: ({ deferredName, executionId, exit }) =>
        stored(() => complete(executionId, deferredName, exit)),
      scheduleClock: (_, { clock, executionId }) =>
        stored(() => {
          const key = `${executionId}/${clock.name}`
          if (this.#clocks.has(key)) return
          this.#clocks.add(key)
          this.#ground.time.after(Duration.toMillis(clock.duration), () =>
            complete(executionId, clock.deferred.name, Exit.void)
          )
        })
    })
  }
}
