import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { type Actor, Audit, nameOf } from "../../admin/Audit.ts"
import { AppConfig } from "../../platform/Config.ts"
import type { PollerState } from "../../domain/Overview.ts"
import { passesFail } from "./passesFail.ts"
import { PassesRepo } from "./PassesRepo.ts"
import { makeAtomically } from "../../platform/Sql/atomically.ts"
import { Signals } from "../../platform/Signals.ts"

/** The passes of the poller: requested, running, finished. */
export class Passes extends Context.Service<
  Passes,
  {
    /** The id of the one pass that has not started; signals the poller on the replica where it runs. */
    readonly request: (by: string) => Effect.Effect<string>
    /** The same as an operator command. */
    readonly poll: (by: Actor) => Effect.Effect<string>
    readonly state: Effect.Effect<PollerState>
    readonly failing: Effect.Effect<boolean>
  }
>()("ai-implement/dispatching/poller/Passes") {
  static readonly layerNoDeps = Layer.effect(
    Passes,
    Effect.gen(function* () {
      const atomically = yield* makeAtomically
      const repo = yield* PassesRepo
      const audit = yield* Audit
      const signals = yield* Signals
      const random = yield* SecureRandom.SecureRandom
      const { maxPass, pollInterval, LINEAR_API_KEY } = yield* AppConfig
      const startedAt = yield* DateTime.now

      const request = Effect.fn("Passes.request")(function* (by: string) {
        const id = yield* repo.request(yield* random.uuidV7(), by, yield* DateTime.now)
        yield* signals.notify("poller")
        return id
      })

      const poll = Effect.fn("Passes.poll")(function* (by: Actor) {
        const passId = yield* request(nameOf(by))
        yield* audit.record({ actor: by, action: "poll", subject: "instance", after: { passId } })
        return passId
      }, atomically)

      const state = Effect.gen(function* () {
        const now = yield* DateTime.now
        const [{ holder, nextAt }, lastPass, lastGoodAt] = yield* Effect.all(
          [repo.poller, repo.last, repo.lastGoodAt],
          { concurrency: "unbounded" }
        )
        const running = lastPass !== null && lastPass.finishedAt === null
        const late = Duration.sum(maxPass, Duration.seconds(30))
        const waitsSince = running ? lastPass.startedAt : nextAt
        const stuck =
          waitsSince !== null && DateTime.isGreaterThan(now, DateTime.addDuration(waitsSince, late))
        return {
          state: LINEAR_API_KEY === null ? "off" : stuck ? "stuck" : running ? "running" : "idle",
          holder,
          lastPass,
          lastGoodAt,
          nextAt: running ? null : nextAt
        } satisfies PollerState
      }).pipe(Effect.withSpan("Passes.state"))

      const failing = Effect.gen(function* () {
        if (LINEAR_API_KEY === null) return false
        const now = yield* DateTime.now
        const [{ nextAt }, recent, lastGoodAt] = yield* Effect.all(
          [repo.poller, repo.recent, repo.lastGoodAt],
          { concurrency: "unbounded" }
        )
        const goodSince = lastGoodAt === null ? startedAt : DateTime.max(startedAt, lastGoodAt)
        return passesFail({ recent, goodSince, interval: pollInterval, nextAt, now })
      }).pipe(Effect.withSpan("Passes.failing"))

      return Passes.of({ request, poll, state, failing })
    })
  )

  static readonly layer = this.layerNoDeps.pipe(Layer.provide([PassesRepo.layer, Audit.layer]))
}
