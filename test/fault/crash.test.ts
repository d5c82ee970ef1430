import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Point } from "../support/orders.ts"
import { hold } from "../support/hold.ts"
import { allOnce, embeddedScene } from "./embedded.ts"
import { externalScene } from "./external.ts"
import { bringPeople } from "./people.ts"
import { elapsed, type Scene, start } from "../support/scene.ts"

const labelMany = (scene: Scene, count: number) =>
  Effect.forEach(Array.from({ length: count }).keys(), (n) => scene.label(`Issue ${n}`))

/** Where five processes die one after the other, and which time of up to how many. */
const deaths = [
  ["Admission.admit", 1],
  ["Transitions.beginLaunch", 5],
  ["Settlement.writeOutcome", 3],
  ["Settlements.effectDone", 3],
  ["Transitions.settle", 3]
] as const

describe("a service that dies", { timeout: 120_000 }, () => {
  it.live(
    "with its embedded database is followed by one that takes over the database and the running dispatch",
    () =>
      Effect.gen(function* () {
        const { scene, postmaster, stopped } = yield* embeddedScene()
        const first = yield* start(scene.env)
        yield* scene.migrated
        yield* scene.map
        yield* scene.idle
        const identifier = yield* scene.label("Survives")
        yield* scene.askForPass
        yield* scene.running(identifier)
        const orphan = postmaster()
        yield* first.kill("SIGKILL")
        yield* first.ended
        const second = yield* start(scene.env)
        yield* bringPeople(scene)
        assert.isBelow(yield* elapsed(scene.settled(identifier)), 15_000)
        assert.strictEqual(postmaster(), orphan)
        yield* allOnce(scene, [identifier])
        yield* second.kill("SIGTERM")
        yield* second.ended
        assert.isTrue(stopped())
      })
  )

  it.live("repeatedly while ten issues flow loses and repeats nothing", () =>
    Effect.gen(function* () {
      const scene = yield* externalScene()
      const identifiers = yield* labelMany(scene, 10)
      for (const [span, latest] of deaths) {
        const nth = yield* Random.nextIntBetween(1, latest)
        const edge: Point["edge"] = (yield* Random.nextBoolean) ? "start" : "end"
        const service = yield* start(scene.env, { dieAt: { span, nth, edge } })
        if (span === "Settlement.writeOutcome") {
          yield* Effect.forEach(identifiers, scene.running)
          yield* bringPeople(scene)
        }
        assert.strictEqual((yield* service.ended).signal, "SIGKILL", `${span} ${nth} ${edge}`)
      }
      yield* start(scene.env)
      yield* allOnce(scene, identifiers)
    }).pipe(Random.withSeed("ten issues, five deaths"))
  )

  it.live("by SIGTERM during a pass ends cleanly in 15 s, and its dispatches continue", () =>
    Effect.gen(function* () {
      const scene = yield* externalScene()
      const service = yield* start(scene.env)
      yield* scene.idle
      const running = yield* labelMany(scene, 3)
      yield* scene.askForPass
      yield* Effect.forEach(running, scene.running)
      const held = hold(scene.linear, "Page")
      const waiting = yield* labelMany(scene, 2)
      yield* scene.askForPass
      yield* held
      yield* service.kill("SIGTERM")
      assert.isBelow(yield* elapsed(service.ended), 15_000)
      const { code, signal } = yield* service.ended
      assert.isNull(signal)
      assert.strictEqual(code, 0)
      yield* start(scene.env)
      yield* bringPeople(scene)
      yield* allOnce(scene, [...running, ...waiting])
    })
  )
})
