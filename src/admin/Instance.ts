import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Actor, Audit, system } from "./Audit.ts"
import { AppConfig } from "../platform/Config.ts"
import type { Pause } from "../domain/Settings.ts"
import { unfamiliar } from "./Instance/identity.ts"
import { InstanceRepo } from "./Instance/InstanceRepo.ts"
import { makeAtomically } from "../platform/Sql/atomically.ts"

export interface PauseRequest {
  readonly paused: boolean
  readonly reason?: string | undefined
}

/** This installation: its identity, the global pause and which access code it last started with. */
export class Instance extends Context.Service<
  Instance,
  {
    /** ORCHESTRATOR_ID, else created at the first start and stored in the database. */
    readonly orchestratorId: Effect.Effect<string>
    readonly paused: Effect.Effect<Pause | null>
    /** Pausing again changes only the reason. Resuming confirms that the database belongs to this service. */
    readonly setPaused: (request: PauseRequest, by: Actor) => Effect.Effect<Pause | null>
    /** Stores the digest; true when another one was stored before. */
    readonly accessCodeChanged: (digest: string) => Effect.Effect<boolean>
  }
>()("ai-implement/admin/Instance") {
  static readonly layerNoDeps = Layer.effect(
    Instance,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const repo = yield* InstanceRepo
      const audit = yield* Audit
      const { ORCHESTRATOR_ID: givenId, PUBLIC_URL: publicUrl } = yield* AppConfig
      const present = { publicUrl, database: yield* repo.databaseIdentity }

      const setPaused = Effect.fn("Instance.setPaused")(function* (
        { paused, reason }: PauseRequest,
        by: Actor
      ) {
        const before = yield* repo.lockPause
        const now = yield* DateTime.now
        const after = paused
          ? { reason: reason ?? before?.reason ?? null, by: before?.by ?? by.name, at: before?.at ?? now }
          : null
        yield* repo.setPause(after)
        if (!paused) yield* repo.recordIdentity(present)
        yield* audit.record({
          actor: by,
          action: paused ? "pause" : "resume",
          subject: "instance",
          before: shown(before),
          after: shown(after)
        })
        return after
      }, atomically)

      const recognise = Effect.fn("Instance.recognise")(function* () {
        const why = unfamiliar(yield* repo.lockIdentity, present)
        if (why === null) return yield* repo.recordIdentity(present)
        yield* Effect.logWarning(`Dispatching is paused. ${why}`)
        const before = yield* repo.lockPause
        if (before?.reason?.startsWith(why) === true) return
        const reason = before?.reason == null ? why : `${why} It was paused before: ${before.reason}`
        yield* setPaused({ paused: true, reason }, system)
      }, atomically)
      yield* recognise()

      return Instance.of({
        orchestratorId: givenId === null ? repo.orchestratorId : Effect.succeed(givenId),
        paused: repo.pause,
        setPaused,
        accessCodeChanged: repo.exchangeAccessCodeDigest
      })
    })
  )
  static readonly layer = Instance.layerNoDeps.pipe(Layer.provide([InstanceRepo.layer, Audit.layer]))
}

const shown = (pause: Pause | null) =>
  pause === null ? null : { reason: pause.reason, by: pause.by, at: DateTime.formatIso(pause.at) }
