import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { type Actor, Audit, nameOf } from "../../admin/Audit.ts"
import { FailureStates } from "../issues/FailureStates.ts"
import type { Destruction, Session } from "../../domain/Session.ts"
import { runOf } from "../../upstreams/fly/Fly.ts"
import { Lifecycle } from "../lifecycle/Lifecycle.ts"
import { Decisions } from "../issues/Decisions.ts"
import { ContextReader } from "../context/ContextReader.ts"
import type { DispatchContext } from "../decision/DispatchContext.ts"
import { machineReaped } from "./reaperEvents.ts"
import { ReaperRepo } from "./ReaperRepo.ts"
import { MachineRuns } from "../../upstreams/RunBackends.ts"
import { destructionOf } from "./effects.ts"
import { type Found, MachinesRepo } from "../dispatches/MachinesRepo.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import type { UpstreamError } from "../../upstreams/UpstreamError.ts"
import type { DispatchId, MachineId } from "../../domain/Ids.ts"

export class SessionNotFound extends Schema.TaggedError<SessionNotFound>()("SessionNotFound", {
  message: Schema.String
}) {}

const maxWaitMillis = 2000

/** Fly Machine runs as the operator sees them. */
export class Sessions extends Context.Service<
  Sessions,
  {
    /** Created, starting and started machines as the monitor last saw them, newest first. */
    readonly list: Effect.Effect<ReadonlyArray<Session>>
    /**
     * Stops the dispatch, destroys its machine, removes its label and clears dedup, backoff and parking.
     * Durable; waits for the machine up to 2 s, and a repeated call returns the progress.
     */
    readonly destroy: (
      machineId: MachineId,
      by: Actor
    ) => Effect.Effect<Destruction, SessionNotFound | UpstreamError>
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

      const underWay = Effect.fnUntraced(function* (id: DispatchId) {
        const until = (yield* Clock.currentTimeMillis) + maxWaitMillis
        while (true) {
          const destruction = destructionOf(yield* repo.progress(id))
          if (destruction.destroyed || (yield* Clock.currentTimeMillis) >= until) return destruction
          yield* Effect.sleep("100 millis")
        }
      })

      const destroy = Effect.fn("Sessions.destroy")(function* (machineId: MachineId, by: Actor) {
        const { app, dispatch, seen } = yield* repo.find(machineId)
        if (app === null || (!seen && dispatch?.settled !== false)) {
          return yield* new SessionNotFound({
            message: `There is no session machine ${machineId}; GET /api/sessions lists them. Nothing was changed.`
          })
        }
        const entry = yield* requestDestroy(app, machineId, dispatch, by, yield* contextReader.read)
        if (dispatch?.settled === false) return yield* underWay(dispatch.id)
        const run = runOf(app, { id: machineId, region: "" })
        yield* machines.stop({ place: { kind: "fly", app }, run, force: true })
        if (entry !== null) yield* entry.confirm
        return destructionOf(null)
      })

      return Sessions.of({ list: repo.sessions, destroy })
    })
  )
}
