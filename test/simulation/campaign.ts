import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import type { Simulated } from "./simulate.ts"

export interface CampaignOptions {
  readonly from: number
  /** How many seeds; by default as many as fit. */
  readonly seeds?: number
  /** For how long seeds are begun. */
  readonly time?: Duration.Duration
  /** Ends at the first failing seed. */
  readonly untilFound?: boolean
  readonly onProgress?: (count: number, failed: number) => Effect.Effect<void>
}

export interface Campaign {
  readonly count: number
  readonly failed: ReadonlyArray<Simulated>
  readonly took: Duration.Duration
}

const start = (answers: Queue.Queue<readonly [Worker, Simulated]>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url), {
        resourceLimits: { maxYoungGenerationSizeMb: 64 }
      })
      worker.on("message", (simulated: Simulated) => Queue.offerUnsafe(answers, [worker, simulated]))
      worker.on("error", (error) => {
        throw error
      })
      return worker
    }),
    (worker) => Effect.promise(() => worker.terminate())
  )

/** Simulates seeds one after the other on every core. */
export const campaign = Effect.fn("campaign")(function* (options: CampaignOptions) {
  const { from, seeds = Infinity, time = Duration.infinity, untilFound = false } = options
  const answers = yield* Queue.unbounded<readonly [Worker, Simulated]>()
  const began = yield* Clock.currentTimeMillis
  let next = from
  let count = 0
  let busy = 0
  const failed: Array<Simulated> = []
  const give = (worker: Worker, now: number) => {
    const enough = next >= from + seeds || now - began >= Duration.toMillis(time)
    if (enough || (untilFound && failed.length > 0)) return
    busy++
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.postMessage(next++)
  }
  for (let core = 0; core < availableParallelism(); core++) give(yield* start(answers), began)
  while (busy > 0) {
    const [worker, simulated] = yield* Queue.take(answers)
    busy--
    count++
    if (simulated.violations.length > 0) failed.push(simulated)
    give(worker, yield* Clock.currentTimeMillis)
    if (count % 500 === 0 && options.onProgress !== undefined) {
      yield* options.onProgress(count, failed.length)
    }
  }
  const took = Duration.millis((yield* Clock.currentTimeMillis) - began)
  return { count, failed, took } satisfies Campaign
}, Effect.scoped)

/** A failing seed, and how to see it again. */
export const describe = ({ seed, violations }: Simulated) =>
  `seed ${seed}: ${violations.join("; ")}. Replay it: npm run simulate -- --seed ${seed}`
