import * as Cron from "effect/Cron"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ClusterCron from "effect/cluster/ClusterCron"
import { logAndContinue } from "../platform/loops.ts"
import { AppConfig } from "../platform/Config.ts"
import { TransitionsRepo } from "../dispatching/dispatches/TransitionsRepo.ts"
import { Lifecycle } from "../dispatching/lifecycle/Lifecycle.ts"
import { RetentionRepo } from "./Retention/RetentionRepo.ts"

/** Deletes the engine's rows of settled dispatches, and dispatches older than RETENTION_DAYS. */
export const tidy = Effect.fn("Retention.tidy")(function* () {
  const repo = yield* RetentionRepo
  const transitions = yield* TransitionsRepo
  const lifecycle = yield* Lifecycle
  const { RETENTION_DAYS } = yield* AppConfig
  const now = yield* DateTime.now
  const settled = yield* transitions.settledWithWorkflow(DateTime.subtract(now, { hours: 1 }))
  for (const dispatch of settled) {
    yield* Effect.andThen(
      lifecycle.clearWorkflow(dispatch),
      transitions.recordWorkflowCleared(dispatch.id, now)
    ).pipe(logAndContinue(`Could not delete the engine's rows of the dispatch ${dispatch.id}`))
  }
  yield* repo.deleteExpired(now)
  yield* repo.deleteFailuresOfGone
  yield* repo.deleteHoldsOfGone
  yield* repo.deleteOlderThan(DateTime.subtract(now, { days: RETENTION_DAYS }))
})

export const layer = ClusterCron.make({
  name: "retention",
  cron: Cron.parseUnsafe("17 * * * *"),
  execute: tidy().pipe(logAndContinue("Retention failed; it is retried in an hour"))
}).pipe(Layer.provide(RetentionRepo.layer))
