import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { Dispatch, DispatchEvent, Logs } from "../../domain/Dispatch.ts"
import { Reason } from "../../domain/Reason.ts"
import { DispatchesRepo, type LogFilter } from "./DispatchesRepo.ts"
import type { DispatchId } from "../../domain/Ids.ts"

export class DispatchNotFound extends Schema.TaggedError<DispatchNotFound>()("DispatchNotFound", {
  message: Schema.String
}) {}

/** The dispatch, or the issue it belongs to, is in a state that does not allow the command. */
export class DispatchConflict extends Schema.TaggedError<DispatchConflict>()("DispatchConflict", {
  message: Schema.String
}) {}

/** Not admitted, for `reason`; a refused operator command clears nothing. */
export class NotAdmitted extends Schema.TaggedError<NotAdmitted>()("NotAdmitted", {
  reason: Reason,
  cleared: Schema.Array(Schema.String)
}) {}

/** The dispatch log: rows, their timeline and the lines of their runs. */
export class Dispatches extends Context.Service<
  Dispatches,
  {
    readonly log: (filter: LogFilter) => Effect.Effect<ReadonlyArray<Dispatch>>
    readonly get: (id: DispatchId) => Effect.Effect<Dispatch, DispatchNotFound>
    readonly events: (id: DispatchId) => Effect.Effect<ReadonlyArray<DispatchEvent>, DispatchNotFound>
    /** The last 200 lines that the runner sent, else where the run's own log is. */
    readonly logs: (id: DispatchId) => Effect.Effect<Logs, DispatchNotFound>
  }
>()("ai-implement/dispatching/dispatches/Dispatches") {
  static readonly layerNoDeps = Layer.effect(
    Dispatches,
    Effect.gen(function* () {
      const log = yield* DispatchesRepo

      const get = Effect.fn("Dispatches.get")(function* (id: DispatchId) {
        const dispatch = yield* log.find(id)
        if (dispatch === null) {
          return yield* new DispatchNotFound({
            message: `There is no dispatch ${id}; GET /api/log lists them.`
          })
        }
        return dispatch
      })

      const events = Effect.fn("Dispatches.events")(function* (id: DispatchId) {
        yield* get(id)
        return yield* log.events(id)
      })

      const logs = Effect.fn("Dispatches.logs")(function* (id: DispatchId) {
        const { run } = yield* get(id)
        const lines = yield* log.lines(id)
        return {
          source: lines.length === 0 ? ("link" as const) : ("runner" as const),
          lines,
          url: run?.url ?? null
        }
      })

      return Dispatches.of({ log: log.log, get, events, logs })
    })
  )
}
