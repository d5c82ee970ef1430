import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { type Actor, Audit, nameOf } from "../../admin/Audit.ts"
import { FailureStates } from "../issues/FailureStates.ts"
import type { Session, SessionEffect } from "../../domain/Session.ts"
import { runOf } from "../../upstreams/fly/Fly.ts"
import { Lifecycle } from "../lifecycle/Lifecycle.ts"
import { Decisions } from "../issues/Decisions.ts"
import { ContextReader } from "../context/ContextReader.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { machineReaped } from "./reaperEvents.ts"
import { ReaperRepo } from "./ReaperRepo.ts"
import { MachineRuns } from "../../upstreams/RunBackends.ts"
import { sessionEffects } from "./effects.ts"
import { type Found, MachinesRepo } from "../dispatches/MachinesRepo.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import type { MachineId } from "../../domain/Ids.ts"

export class SessionNotFound extends Schema.TaggedError<SessionNotFound>()("SessionNotFound", {
  message: Schema.String
}) {}

/** Fly Machine runs as the operator sees them. */
export class Sessions extends Context.Service<
  Sessions,
  {
    /** Created, starting and started machines as the monitor last saw them, newest first. */
    readonly list: Effect.Effect<ReadonlyArray<Session>>
    /**
     * Stops the dispatch, destroys its machine, removes its label and clears dedup, backoff and parking.
     * Durable; a repeated call returns the progress.
     */
    readonly destroy: (
      machineId: MachineId,
      by: Actor
    ) => Effect.Effect<ReadonlyArray<SessionEffect>, SessionNotFound | UpstreamError>
  }
>()("ai-implement/dispatching/sessions/Sessions") {
  static readonly layerNoDeps = Layer.effect(
    Sessions,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const repo = yield* MachinesRepo
      const audit = yield* Audit
      const failureStates = yield* FailureStates
      const decisions = yield* Decisions
      const contextReader = yield* ContextReader
      const lifecycle = yield* Lifecycle
      const machines = yield* MachineRuns
      const reaper = yield* ReaperRepo

      // While the dispatch is unsettled its settlement destroys the machine; otherwise `destroy` does and confirms the audit.
      const requestDestroy = Effect.fnUntraced(function* (
        app: string,
        machineId: MachineId,
        dispatch: Found["dispatch"],
        by: Actor,
        context: DispatchContext
      ) {
        if (dispatch?.live === true) {
          const message = `${nameOf(by)} destroyed the session`
          yield* lifecycle.stop(dispatch.id, { by: nameOf(by), reason: "operator", message })
        }
        const cleared = dispatch?.latest === true ? yield* failureStates.clear(dispatch.issueId) : []
        if (dispatch?.latest === true) yield* decisions.renew(dispatch.issueId, context)
        const dispatchId = dispatch?.id ?? null
        const after = { dispatch: dispatchId, cleared }
        const entry = { actor: by, action: "session.destroy", subject: machineId, after }
        if (dispatch?.settled === false) return yield* Effect.as(audit.record(entry), null)
        const reason = `${nameOf(by)} requested it`
        const action = { app, machineId, dispatchId, reason, dryRun: false }
        yield* reaper.record(action, machineReaped(action))
        return yield* audit.intend(entry)
      }, atomically)

      const destroy = Effect.fn("Sessions.destroy")(function* (machineId: MachineId, by: Actor) {
        const { app, dispatch, seen } = yield* repo.find(machineId)
        if (app === null || (!seen && dispatch?.settled !== false)) {
          return yield* new SessionNotFound({
            message: `There is no session machine ${machineId}; GET /api/sessions lists them. Nothing was changed.`
          })
        }
        const entry = yield* requestDestroy(app, machineId, dispatch, by, yield* contextReader.read)
        if (dispatch?.settled === false) return sessionEffects(yield* repo.progress(dispatch.id))
        const run = runOf(app, { id: machineId, region: "" })
        yield* machines.stop({ place: { kind: "fly", app }, run, force: true })
        if (entry !== null) yield* entry.confirm
        return sessionEffects(null)
      })

      return Sessions.of({ list: repo.sessions, destroy })
    })
  )
}
