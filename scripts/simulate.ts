/** Simulates the dispatch protocol: `npm run simulate -- --seeds 20000`, `--minutes 60`, or one again with `--seed 7`. */
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { parseArgs } from "node:util"
import { runMain } from "../src/platform/runMain.ts"
import { campaign, describe } from "../test/simulation/campaign.ts"
import { simulate } from "../test/simulation/simulate.ts"

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string" },
    minutes: { type: "string" },
    from: { type: "string", default: "1" },
    "until-found": { type: "boolean", default: false }
  }
})

const replay = Effect.fnUntraced(function* (seed: number) {
  const { log, outcomes, violations } = yield* Effect.promise(() => simulate(seed, true))
  for (const line of log) yield* Console.log(line)
  yield* Console.log(`seed ${seed}: ${outcomes.join(", ") || "no dispatch"}; ${violations.length} violations`)
  return violations.length === 0
})

const many = Effect.gen(function* () {
  const from = values.from === "now" ? (yield* Clock.currentTimeMillis) % 1_000_000_000 : Number(values.from)
  const { count, failed, took } = yield* campaign({
    from,
    ...(values.minutes === undefined
      ? { seeds: Number(values.seeds ?? 2000) }
      : { time: Duration.minutes(Number(values.minutes)) }),
    untilFound: values["until-found"],
    onProgress: (count, failed) => Console.log(`${count} seeds, ${failed} failed`)
  })
  for (const each of failed) yield* Console.log(describe(each))
  const seconds = Math.round(Duration.toSeconds(took))
  yield* Console.log(`${count} seeds from ${from} in ${seconds} s: ${failed.length} failed`)
  return failed.length === 0
})

runMain(
  Effect.map(values.seed === undefined ? many : replay(Number(values.seed)), (holds) => {
    if (!holds) process.exitCode = 1
  })
)
