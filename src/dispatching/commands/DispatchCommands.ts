import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Actor, Audit, nameOf } from "../../admin/Audit.ts"
import type { Dispatch } from "../../domain/Dispatch.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { DispatchConflict, Dispatches, type DispatchNotFound } from "../dispatches/Dispatches.ts"
import { HoldsRepo } from "../issues/HoldsRepo.ts"
import { Lifecycle } from "../lifecycle/Lifecycle.ts"
import type { DispatchId } from "../../domain/Ids.ts"

/** Operator commands about a dispatch that has not ended. */
export class DispatchCommands extends Context.Service<
  DispatchCommands,
  {
    /**
     * Ends a reserved dispatch at once, asks any other to stop; its issue is then held. Repeats are harmless until it
     * has ended.
     */
    readonly cancel: (
      id: DispatchId,
      by: Actor
    ) => Effect.Effect<Dispatch, DispatchNotFound | DispatchConflict>
  }
>()("ai-implement/dispatching/commands/DispatchCommands") {
  static readonly layerNoDeps = Layer.effect(
    DispatchCommands,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const audit = yield* Audit
      const dispatches = yield* Dispatches
      const holds = yield* HoldsRepo
      const lifecycle = yield* Lifecycle

      const stop = Effect.fnUntraced(function* ({ id, issueIdentifier: issue }: Dispatch, by: Actor) {
        const message = `${nameOf(by)} asked to stop the run`
        yield* holds.hold(id, nameOf(by))
        yield* lifecycle.stop(id, { by: nameOf(by), reason: "operator", message })
        yield* audit.record({ actor: by, action: "dispatch.cancel", subject: id, after: { issue } })
      }, atomically)

      const cancel = Effect.fn("Dispatches.cancel")(function* (id: DispatchId, by: Actor) {
        const dispatch = yield* dispatches.get(id)
        if (dispatch.outcome !== null) {
          return yield* new DispatchConflict({
            message: `The dispatch of ${dispatch.issueIdentifier} has already ended (${dispatch.status}); there is nothing to cancel.`
          })
        }
        yield* stop(dispatch, by)
        return yield* dispatches.get(id)
      })

      return DispatchCommands.of({ cancel })
    })
  )
}
