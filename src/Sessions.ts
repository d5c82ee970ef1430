import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { CandidatesRepo } from "./Candidates/CandidatesRepo.ts"
import type { Session, SessionEffect } from "./domain/Session.ts"
import { runOf } from "./Fly.ts"
import { Lifecycle } from "./Lifecycle.ts"
import { ReaperRepo } from "./Reaper/ReaperRepo.ts"
import { MachineRuns } from "./Runs.ts"
import { sessionEffects } from "./Sessions/effects.ts"
import { MachinesRepo } from "./Sessions/MachinesRepo.ts"
import type { UpstreamError } from "./UpstreamError.ts"

export class SessionNotFound extends Schema.TaggedError<SessionNotFound>()("SessionNotFound", {
  message: Schema.String
}) {}

/** Fly Machine runs as the operator sees them. */
export class Sessions extends Context.Service<
  Sessions,
  {
    /** Our machines that are created, starting or started, as the monitor last saw them; newest first. */
    readonly list: Effect.Effect<ReadonlyArray<Session>>
    /**
     * A person's word: the dispatch stops, its machine is destroyed, its label taken off, and dedup, backoff and parking
     * are cleared. Durable; repeating it tells how far it is.
     */
    readonly destroy: (
      machineId: string,
      by: string
    ) => Effect.Effect<ReadonlyArray<SessionEffect>, SessionNotFound | UpstreamError>
  }
>()("ai-implement/Sessions") {
  static readonly layerNoDeps = Layer.effect(
    Sessions,
    Effect.gen(function* () {
      const repo = yield* MachinesRepo
      const candidates = yield* CandidatesRepo
      const lifecycle = yield* Lifecycle
      const machines = yield* MachineRuns
      const reaper = yield* ReaperRepo

      const destroy = Effect.fn("Sessions.destroy")(function* (machineId: string, by: string) {
        const { app, dispatch, seen } = yield* repo.find(machineId)
        if (app === null || (!seen && dispatch?.settled !== false)) {
          return yield* new SessionNotFound({
            message: `There is no session machine ${machineId} of ours; GET /api/sessions lists them. Nothing was changed.`
          })
        }
        if (dispatch?.live === true) {
          const message = `${by} destroyed the session`
          yield* lifecycle.stop(dispatch.id, { by, reason: "operator", message })
        }
        if (dispatch?.latest === true) yield* candidates.clearMemory(dispatch.issueId)
        if (dispatch?.settled === false) return sessionEffects(yield* repo.progress(dispatch.id))
        yield* reaper.record({
          app,
          machineId,
          dispatchId: dispatch?.id ?? null,
          reason: `${by} asked for it`,
          dryRun: false
        })
        const run = runOf(app, { id: machineId, region: "" })
        yield* machines.stop({ place: { kind: "fly", app }, run, force: true })
        return sessionEffects(null)
      })

      return Sessions.of({ list: repo.sessions, destroy })
    })
  )
}
