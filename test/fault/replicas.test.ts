import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Point } from "../support/orders.ts"
import { externalScene } from "./external.ts"
import { assertExactlyOnce } from "./flows.ts"
import { bringPeople } from "./people.ts"
import { nameOf } from "./points.ts"
import { clusterPort, elapsed, eventually, type Scene, type Service, start } from "../support/scene.ts"

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

/** Some services; `poller` is the one that last began a pass. */
const makeReplicas = Effect.fnUntraced(function* (scene: Scene, count: number) {
  const env = { ...scene.env, POLL_INTERVAL_MS: "1000" }
  const passed: Array<{ readonly service: Service; readonly name: string }> = []
  const replica = Effect.fnUntraced(function* (env: Record<string, string>) {
    const service = yield* start(env, { report: true })
    yield* service.message.pipe(
      Effect.flatMap(decodePoint),
      Effect.tap((point) => Effect.sync(() => passed.push({ service, name: nameOf(point) }))),
      Effect.forever,
      Effect.forkScoped
    )
    return service
  })
  const begun = () => passed.filter(({ name }) => /^Poller\.pass \d+ start$/.test(name))
  const one = yield* replica(env)
  yield* scene.idle
  const others = yield* Effect.forEach(Array.from({ length: count - 1 }), () =>
    Effect.flatMap(clusterPort, (own) => replica({ ...env, ...own }))
  )
  yield* eventually(
    `${count} runners`,
    Effect.map(numberOf(scene, "runners"), (n) => (n === count ? n : null))
  )
  const joined = begun().length
  yield* eventually(
    `passes of ${count}`,
    Effect.sync(() => (begun().length > joined + 1 ? true : null))
  )
  return {
    services: [one, ...others],
    poller: () => begun().at(-1)?.service ?? one,
    /** Waits for one to pass what it has not passed up to now. */
    passes: (name: string) => {
      const from = passed.length
      return eventually(
        name,
        Effect.sync(() => passed.slice(from).find((each) => each.name === name)?.service ?? null)
      )
    }
  }
})

const movesOn = (scene: Scene, epoch: number) =>
  elapsed(
    eventually(
      "the poller to move",
      Effect.map(numberOf(scene, "epoch"), (now) => (now > epoch ? now : null)),
      "40 seconds"
    )
  )

describe("services on one database", { timeout: 120_000 }, () => {
  it.live("dispatch each issue once, also when two of three are killed; the third polls within 30 s", () =>
    Effect.gen(function* () {
      const scene = yield* externalScene()
      yield* bringPeople(scene)
      const { poller, services } = yield* makeReplicas(scene, 3)
      const label = (from: number, to: number) =>
        Effect.forEach(Array.from({ length: to - from }).keys(), (n) => scene.label(`Issue ${from + n}`))
      const before = yield* label(0, 25)
      yield* eventually(
        "some launches",
        Effect.map(numberOf(scene, "launched"), (n) => (n >= 5 ? n : null))
      )
      const epoch = yield* numberOf(scene, "epoch")
      const polling = poller()
      const dying = [polling, ...services.filter((each) => each !== polling).slice(1)]
      yield* Effect.forEach(dying, ({ ended, kill }) => Effect.andThen(kill("SIGKILL"), ended))
      const after = yield* label(25, 30)
      assert.isBelow(yield* movesOn(scene, epoch), 30_000)
      const all = [...before, ...after]
      yield* Effect.forEach(all, (identifier) => scene.settled(identifier, "60 seconds"), {
        concurrency: "unbounded"
      })
      yield* Effect.forEach(all, (identifier) => assertExactlyOnce(scene, identifier))
      assert.lengthOf(scene.github.runs(), all.length)
    })
  )

  it.live("leave a reopened issue alone when the service that read it as canceled was frozen", () =>
    Effect.gen(function* () {
      const scene = yield* externalScene()
      const { github, linear } = scene
      const { passes, services } = yield* makeReplicas(scene, 2)
      const identifier = yield* scene.label("Reopened")
      const { branch } = yield* scene.running(identifier)

      linear.failNext({ match: "Page", times: Infinity, action: { _tag: "status", status: 503, body: "" } })
      yield* eventually(
        "a pass that reads nothing",
        Effect.sync(() => linear.calls().find(({ status }) => status === 503) ?? null)
      )
      linear.setState(identifier, "Canceled")
      const read = passes("Pass.reconcile 1 start")
      const freezeAt = { span: "Pass.reconcile", nth: 1, edge: "start" } as const
      yield* Effect.forEach(services, ({ order }) => order({ freezeAt, report: true }))
      const epoch = yield* numberOf(scene, "epoch")
      linear.clearFaults()
      const frozen = yield* read
      yield* Effect.forEach(services, (each) => (each === frozen ? Effect.void : each.order({})))

      linear.setState(identifier, "In Progress")
      yield* movesOn(scene, epoch)
      yield* scene.idle
      const passEnds = passes("Pass.reconcile 1 end")
      yield* frozen.kill("SIGCONT")
      yield* passEnds

      const [row] = yield* scene.rows(identifier)
      assert.strictEqual(row?.status, "running")
      assert.isTrue(row?.inDedup)
      yield* github.openPullRequest({ owner: "acme", repo: "app", branch, title: "Done" })
      for (const { id } of github.runs()) yield* github.finishRun(id, "success")
      assert.strictEqual((yield* scene.settled(identifier)).status, "succeeded")
    })
  )
})
