import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as EntityAddress from "effect/cluster/EntityAddress"
import * as EntityId from "effect/cluster/EntityId"
import * as EntityType from "effect/cluster/EntityType"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as Sharding from "effect/cluster/Sharding"
import * as DurableDeferred from "effect/workflow/DurableDeferred"
import * as WorkflowEngine from "effect/workflow/WorkflowEngine"
import type { DispatchRow } from "../dispatches/DispatchRow.ts"
import type { StopRequest } from "../dispatches/timelineEvents.ts"
import { TransitionsRepo } from "../dispatches/TransitionsRepo.ts"
import { stoppedOutcome } from "./observe.ts"
import { Settlement } from "./Settlement.ts"
import { DispatchWorkflow, Ended, StopRequested, workflowLayer } from "./workflow.ts"
import { makeAfterCommit } from "../../platform/Sql/atomically.ts"
import type { DispatchId } from "../../domain/Ids.ts"

const entityTypes = [EntityType.make("Workflow/Dispatch"), EntityType.make("Workflow/-/DurableClock")]

type Reference = Pick<DispatchRow, "id" | "workflowGeneration">

/** Starts, notifies and restarts the durable workflow of a dispatch. */
export class Lifecycle extends Context.Service<
  Lifecycle,
  {
    readonly start: (dispatch: Reference) => Effect.Effect<void>
    /** Notifies the workflow that the outcome is on the row. Repeats are harmless. */
    readonly ended: (dispatch: Reference) => Effect.Effect<void>
    /**
     * Requests a stop; a dispatch that is only reserved ends at once. Repeats are harmless: the first request stands.
     * In a transaction, the workflow is notified when it commits.
     */
    readonly stop: (id: DispatchId, request: StopRequest) => Effect.Effect<void>
    /** Ensures that an unsettled dispatch has a workflow: absent → started, complete → its next generation. */
    readonly ensure: (dispatch: DispatchRow) => Effect.Effect<void>
    /** Drops the engine's own rows of a settled dispatch. */
    readonly clearWorkflow: (dispatch: Reference) => Effect.Effect<void>
  }
>()("ai-implement/dispatching/lifecycle/Lifecycle") {
  static readonly layerNoDeps = Layer.effect(
    Lifecycle,
    Effect.gen(function* () {
      const afterCommit = yield* makeAfterCommit
      const engine = yield* WorkflowEngine.WorkflowEngine
      const transitions = yield* TransitionsRepo
      const settlement = yield* Settlement
      const sharding = yield* Sharding.Sharding
      const messages = yield* MessageStorage.MessageStorage
      const payload = ({ id, workflowGeneration }: Reference) => ({
        dispatchId: id,
        generation: workflowGeneration
      })
      const provided = Effect.provideService(WorkflowEngine.WorkflowEngine, engine)

      const start = Effect.fn("Lifecycle.start")(
        (dispatch: Reference) => DispatchWorkflow.execute(payload(dispatch), { discard: true }),
        Effect.asVoid,
        provided
      )

      const notify = (deferred: typeof Ended) =>
        Effect.fn("Lifecycle.notify")(function* (dispatch: Reference) {
          const token = yield* DurableDeferred.tokenFromPayload(deferred, {
            workflow: DispatchWorkflow,
            payload: payload(dispatch)
          })
          yield* DurableDeferred.succeed(deferred, { token, value: undefined })
        }, provided)

      const ended = notify(Ended)
      const stopRequested = notify(StopRequested)

      const stop = Effect.fn("Lifecycle.stop")(function* (id: DispatchId, request: StopRequest) {
        const row = (yield* transitions.requestStop(id, request)) ?? (yield* transitions.find(id))
        if (row === null || row.outcome !== null) return
        const end =
          row.status === "reserved" ? yield* settlement.writeOutcome(id, stoppedOutcome(row), null) : null
        yield* afterCommit(end === null ? stopRequested(row) : ended(end))
      })

      const ensure = Effect.fn("Lifecycle.ensure")(function* (dispatch: DispatchRow) {
        const executionId = yield* DispatchWorkflow.executionId(payload(dispatch))
        const result = yield* DispatchWorkflow.poll(executionId)
        // Without a result the workflow may be waiting already: it is started, which repeats nothing, and signalled too.
        if (Option.isNone(result)) yield* start(dispatch)
        else if (result.value._tag === "Complete") {
          const next = yield* transitions.nextGeneration(dispatch.id, dispatch.workflowGeneration)
          if (next !== null) yield* start(next)
          return
        }
        if (dispatch.outcome !== null) return yield* ended(dispatch)
        if (dispatch.stopRequestedAt !== null) return yield* stopRequested(dispatch)
      }, provided)

      const clearWorkflow = Effect.fn("Lifecycle.clearWorkflow")(function* ({
        id,
        workflowGeneration
      }: Reference) {
        for (let generation = 1; generation <= workflowGeneration; generation++) {
          const executionId = yield* DispatchWorkflow.executionId({ dispatchId: id, generation })
          const entityId = EntityId.make(executionId)
          const shardId = sharding.getShardId(entityId, "default")
          for (const entityType of entityTypes) {
            yield* Effect.orDie(messages.clearAddress(EntityAddress.make({ entityType, entityId, shardId })))
          }
        }
      })

      return Lifecycle.of({ start, ended, stop, ensure, clearWorkflow })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provideMerge(workflowLayer))
}
