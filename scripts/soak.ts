/** Runs the demo for some minutes and looks all the time whether what must hold does: `npm run soak -- --minutes 10`. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { parseArgs } from "node:util"
import { runMain } from "../src/platform/runMain.ts"
import { folder } from "../test/support/postgres.ts"
import { soak, startDemo } from "./soak/soak.ts"

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    speed: { type: "string", default: "50" },
    untouched: { type: "boolean", default: false }
  }
})

const millis = Number(values.minutes) * 60_000

runMain(
  Effect.gen(function* () {
    const running = yield* startDemo(yield* folder, Number(values.speed))
    const summary = yield* soak(running, { millis, feed: values.untouched ? null : 2000 })
    yield* Console.log(JSON.stringify(summary, null, 2))
    if (summary.problems.length + summary.violations.length > 0) process.exitCode = 1
  }).pipe(Effect.scoped)
)
