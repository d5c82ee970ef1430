import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Point } from "../support/orders.ts"
import { externalScene } from "./external.ts"
import { assertExactlyOnce } from "./flows.ts"
import { bringPeople } from "./people.ts"
import { clusterPort, elapsed, eventually, type Scene, start } from "./support.ts"

const decodePoint = Schema.decodeUnknownEffect(Point)

const numberOf = (scene: Scene, what: "epoch" | "runners" | "launched") => {
  const { sql } = scene
  const query = {
    epoch: sql`select poller_epoch as number from instance`,
    runners: sql`select count(*)::int as number from cluster_runners`,
    launched: sql`select count(*)::int as number from dispatches where launch_attempt > 0`
  }[what]
  return query.pipe(
    Effect.flatMap(Schema.decodeUnknownEffect(Schema.Tuple([Schema.Struct({ number: Schema.Int })]))),
    Effect.map(([{ number }]) => number),
    Effect.orDie
  )
}

/** Two services; `poller` is the one that last began a pass. */
const makeReplicas = Effect.fnUntraced(function* (scene: Scene) {
  const env = { ...scene.env, POLL_INTERVAL_MS: "1000" }
  let passes = 0
  const replica = Effect.fnUntraced(function* (env: Record<string, string>) {
    const service = yield* start(env, { report: true })
    const seen = { service, lastPass: 0 }
    yield* service.message.pipe(
      Effect.flatMap(decodePoint),
      Effect.tap(({ span, edge }) =>
        Effect.sync(() => {
          if (span === "Poller.pass" && edge === "start") seen.lastPass = ++passes
        })
      ),
      Effect.forever,
      Effect.forkScoped
    )
    return seen
  })
  const one = yield* replica(env)
  yield* scene.idle
  const two = yield* replica({ ...env, ...(yield* clusterPort) })
  yield* eventually(
    "two runners",
    Effect.map(numberOf(scene, "runners"), (n) => (n === 2 ? n : null))
  )
  const joined = passes
  yield* eventually(
    "passes of two",
    Effect.sync(() => (passes > joined + 1 ? passes : null))
  )
  return { poller: () => (one.lastPass > two.lastPass ? one : two).service }
})

describe("two services on one database", { timeout: 120_000 }, () => {
  it.live(
    "dispatch each issue once, also when the one that polls is killed; the other polls within 30 s",
    () =>
      Effect.gen(function* () {
        const scene = yield* externalScene()
        yield* bringPeople(scene)
        const { poller } = yield* makeReplicas(scene)
        const label = (from: number, to: number) =>
          Effect.forEach(Array.from({ length: to - from }).keys(), (n) => scene.label(`Issue ${from + n}`))
        const before = yield* label(0, 10)
        yield* eventually(
          "some launches",
          Effect.map(numberOf(scene, "launched"), (n) => (n >= 3 ? n : null))
        )
        const epoch = yield* numberOf(scene, "epoch")
        const dying = poller()
        yield* dying.kill("SIGKILL")
        yield* dying.ended
        const after = yield* label(10, 13)
        const moved = yield* elapsed(
          eventually(
            "the poller to move",
            Effect.map(numberOf(scene, "epoch"), (now) => (now > epoch ? now : null)),
            "40 seconds"
          )
        )
        assert.isBelow(moved, 30_000)
        const all = [...before, ...after]
        yield* Effect.forEach(all, (identifier) => scene.settled(identifier, "60 seconds"), {
          concurrency: "unbounded"
        })
        yield* Effect.forEach(all, (identifier) => assertExactlyOnce(scene, identifier))
        assert.lengthOf(scene.github.runs(), all.length)
      })
  )
})
