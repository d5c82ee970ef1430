import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Schedule from "effect/Schedule"
import * as Singleton from "effect/cluster/Singleton"
import { hostname } from "node:os"
import { logAndContinue, sleepOrSignal } from "../../platform/loops.ts"
import { AppConfig } from "../../platform/Config.ts"
import { observePass } from "../../platform/Metrics.ts"
import { isSpent, minGap, nextInterval } from "../decision/budget.ts"
import { failed, runPass } from "./pass.ts"
import { PassesRepo } from "./PassesRepo.ts"
import { Signals } from "../../platform/Signals.ts"
import { Upstreams } from "../../upstreams/health/Upstreams.ts"

/** The least time between two requested passes. */
export const PassSpacing = Context.Reference<Duration.Duration>("ai-implement/PassSpacing", {
  defaultValue: () => Duration.seconds(1)
})

// One supervised pass: interrupted at its deadline, every cause caught, always recorded.
const supervisedPass = Effect.fn("Poller.pass")(function* (epoch: number, lastCount: number) {
  const repo = yield* PassesRepo
  const { maxPass } = yield* AppConfig
  const id = yield* repo.begin(epoch)
  const requests = yield* Ref.make(0)
  const [took, result] = yield* runPass({ id, epoch, lastCount, requests }).pipe(
    Effect.timeoutOrElse({
      duration: maxPass,
      orElse: () =>
        Effect.succeed(
          failed(
            lastCount,
            `The pass took longer than ${Duration.toSeconds(maxPass)} s and was cut; the next one continues`
          )
        )
    }),
    Effect.catchCauseIf(
      (cause) => !Cause.hasInterruptsOnly(cause),
      (cause) =>
        Effect.logError("A pass failed; the next one continues", cause).pipe(
          Effect.as(failed(lastCount, "The pass failed inside the service; see its log"))
        )
    ),
    Effect.timed
  )
  yield* observePass(took, result.error === null)
  yield* repo.finish(id, result)
  if (result.error !== null) yield* Effect.logWarning(`The pass ended with an error: ${result.error}`)
  if (result.dispatched > 0)
    yield* Effect.logInfo(`Pass dispatched ${result.dispatched} of ${result.candidates}`)
  return { candidates: result.candidates, requests: yield* Ref.get(requests) }
})

const loop = Effect.gen(function* () {
  const repo = yield* PassesRepo
  const upstreams = yield* Upstreams
  const { pollInterval } = yield* AppConfig
  const signals = yield* Signals
  const spacing = yield* PassSpacing
  const requested = yield* signals.subscribe("poller")
  const epoch = yield* repo.raiseEpoch(`${hostname()}, pid ${process.pid}`)
  let lastCount = 10
  let spentInRow = 0
  while (true) {
    const { candidates, requests } = yield* supervisedPass(epoch, lastCount)
    // A poller that froze while it started may raise the epoch after its successor did, and then end.
    if (!(yield* repo.holds(epoch))) {
      return yield* Effect.logWarning("Another poller has started since; this one starts again")
    }
    lastCount = candidates
    const now = yield* DateTime.now
    const states = yield* upstreams.states
    const interval = nextInterval(pollInterval, states, requests, now, spentInRow)
    spentInRow = isSpent(states, requests, now) ? spentInRow + 1 : 0
    yield* repo.nextAt(DateTime.addDuration(now, interval))
    yield* sleepOrSignal(requested, interval, Duration.max(spacing, minGap(states, requests, now)))
  }
})

/** The poller: one active in the whole cluster; it restarts after any failure. */
export const layerNoDeps = Singleton.make(
  "poller",
  loop.pipe(
    Effect.scoped,
    logAndContinue("The poller failed and restarts"),
    Effect.repeat(Schedule.spaced("2 seconds")),
    Effect.asVoid
  )
)

export const layer = layerNoDeps.pipe(Layer.provide(PassesRepo.layer))
