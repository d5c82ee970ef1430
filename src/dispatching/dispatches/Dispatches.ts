import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { type Actor, Audit, nameOf } from "../../admin/Audit.ts"
import type { Dispatch, DispatchEvent, Logs } from "../../domain/Dispatch.ts"
import type { DispatchStatus } from "../../domain/DispatchStatus.ts"
import { Reason } from "../../domain/Reason.ts"
import { DispatchLog } from "./DispatchesRepo.ts"
import { Lifecycle } from "../lifecycle/Lifecycle.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"

export class DispatchNotFound extends Schema.TaggedError<DispatchNotFound>()("DispatchNotFound", {
  message: Schema.String
}) {}

/** The dispatch, or the issue it belongs to, is in a state that does not allow what was asked. */
export class DispatchConflict extends Schema.TaggedError<DispatchConflict>()("DispatchConflict", {
  message: Schema.String
}) {}

/** `admit` said no; what an operator's word had cleared stays cleared. */
export class NotAdmitted extends Schema.TaggedError<NotAdmitted>()("NotAdmitted", {
  reason: Reason,
  cleared: Schema.Array(Schema.String)
}) {}

export interface LogFilter {
  readonly team?: string | undefined
  readonly status?: DispatchStatus | undefined
  /** Issue id or identifier. */
  readonly issue?: string | undefined
  /** Only dispatches older than this id. */
  readonly before?: string | undefined
  /** At least 1. */
  readonly limit: number
}

/** The dispatch log: rows, their timeline, admission and the operator's stop. */
export class Dispatches extends Context.Service<
  Dispatches,
  {
    /** Newest first. */
    readonly log: (filter: LogFilter) => Effect.Effect<ReadonlyArray<Dispatch>>
    readonly get: (id: string) => Effect.Effect<Dispatch, DispatchNotFound>
    readonly events: (id: string) => Effect.Effect<ReadonlyArray<DispatchEvent>, DispatchNotFound>
    /** The last 200 lines that the runner sent, else where the run's own log is. */
    readonly logs: (id: string) => Effect.Effect<Logs, DispatchNotFound>
    /** Ends a reserved dispatch at once, asks any other to stop. Repeating it is fine until it has ended. */
    readonly cancel: (id: string, by: Actor) => Effect.Effect<Dispatch, DispatchNotFound | DispatchConflict>
  }
>()("ai-implement/Dispatches") {
  static readonly layerNoDeps = Layer.effect(
    Dispatches,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const log = yield* DispatchLog
      const audit = yield* Audit
      const lifecycle = yield* Lifecycle

      const get = Effect.fn("Dispatches.get")(function* (id: string) {
        const dispatch = yield* log.find(id)
        if (dispatch === null) {
          return yield* new DispatchNotFound({
            message: `There is no dispatch ${id}; GET /api/log lists them.`
          })
        }
        return dispatch
      })

      const events = Effect.fn("Dispatches.events")(function* (id: string) {
        yield* get(id)
        return yield* log.events(id)
      })

      const logs = Effect.fn("Dispatches.logs")(function* (id: string) {
        const { run } = yield* get(id)
        const lines = yield* log.lines(id)
        return {
          source: lines.length === 0 ? ("link" as const) : ("runner" as const),
          lines,
          url: run?.url ?? null
        }
      })

      const stop = Effect.fnUntraced(function* ({ id, issueIdentifier: issue }: Dispatch, by: Actor) {
        const message = `${nameOf(by)} asked to stop the run`
        yield* lifecycle.stop(id, { by: nameOf(by), reason: "operator", message })
        yield* audit.record({ actor: by, action: "dispatch.cancel", subject: id, after: { issue } })
      }, atomically)

      const cancel = Effect.fn("Dispatches.cancel")(function* (id: string, by: Actor) {
        const dispatch = yield* get(id)
        if (dispatch.outcome !== null) {
          return yield* new DispatchConflict({
            message: `The dispatch of ${dispatch.issueIdentifier} has already ended (${dispatch.status}); there is nothing to cancel.`
          })
        }
        yield* stop(dispatch, by)
        return yield* get(id)
      })

      return Dispatches.of({ log: log.log, get, events, logs, cancel })
    })
  )
}
