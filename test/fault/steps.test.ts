import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import { Point } from "../support/orders.ts"
import { externalScene } from "./external.ts"
import { assertExactlyOnce, elapsed, type Scene, type Service, start } from "./support.ts"

const decodePoint = Schema.decodeUnknownEffect(Point)

/** Reads and bookkeeping that leave nothing in the life of a dispatch. */
const beside = /^(?:Upstreams|Settings|Situation|Facts|Poller|WorkflowEngine|Dispatch)\.|^Transitions\.(?:find|live)$/
/** How often these come around depends on the time. */
const periodic = /^(?:Monitor|Pass|GitHub)\./

const isStep = ({ span, nth }: Point) => !beside.test(span) && (nth === 1 || !periodic.test(span))

const name = ({ span, nth, edge }: Point) => `${span} ${nth} ${edge}`

const isLast = ({ span, edge }: Point) => span === "Lifecycle.settle" && edge === "end"

/** What the service passes from the admission of a dispatch to its end. */
const pointsUntilSettled = Effect.fnUntraced(function* (service: Service) {
  const points: Array<Point> = []
  for (let point: Point | undefined; point === undefined || !isLast(point); ) {
    point = yield* Effect.flatMap(service.message, decodePoint)
    points.push(point)
  }
  return points.slice(points.findIndex(({ span }) => span === "Admission.admit")).filter(isStep)
})

const dryRun = Effect.gen(function* () {
  const scene = yield* externalScene
  yield* scene.agent
  const service = yield* start(scene)
  yield* scene.idle
  yield* service.order({ report: true })
  const identifier = yield* scene.label("Nothing goes wrong")
  yield* scene.askForPass
  const points = yield* pointsUntilSettled(service)
  yield* assertExactlyOnce(scene, identifier)
  return points
}).pipe(Effect.scoped)

/** One service after the other on one database, each killed at its point and followed by the next. */
const makeLane = Effect.gen(function* () {
  const scene = yield* externalScene
  yield* scene.agent
  let service = yield* start(scene)
  const seen: Array<string> = []

  const killAt = Effect.fnUntraced(function* (...points: ReadonlyArray<Point>) {
    yield* scene.idle
    const [first, ...later] = points
    yield* service.order({ dieAt: first ?? null, report: true })
    const identifier = yield* scene.label(points.map(name).join(", "))
    yield* scene.askForPass
    for (const dieAt of [...later, null]) {
      assert.strictEqual((yield* service.ended).signal, "SIGKILL")
      service = yield* start(scene, { dieAt })
    }
    const millis = yield* elapsed(scene.settled(identifier))
    yield* scene.idle
    yield* assertExactlyOnce(scene, identifier)
    assert.isBelow(millis, 15_000, "from the restart to the end")
    seen.push(identifier)
    console.log(identifier, points.map(name).join(", "), millis, (yield* scene.rows(identifier))[0]?.events.join(" "))
  })

  /** Nothing happens to what is done. */
  const review = Effect.suspend(() => Effect.forEach(seen, (identifier) => assertExactlyOnce(scene, identifier)))

  const told = Effect.suspend(() => Effect.all([service.lines,service.messages, scene.sql`select * from passes order by started_at desc limit 3`, scene.sql`select * from dispatches where settled_at is null`,scene.sql`select * from instance`, scene.sql`select pid,query,state from pg_stat_activity where datname=current_database()`]))
  return { killAt, review, told }
})

it.live(
  "a service killed at any step of a dispatch takes it up again: one run, one comment, right labels, right log",
  () =>
    Effect.gen(function* () {
      const points = yield* dryRun
      console.log(points.length, points.map(name).join("\n"))
      const left = yield* Queue.unbounded<Point>()
      yield* Queue.offerAll(left, points)
      const lane = Effect.gen(function* () {
        const { killAt, review, told } = yield* makeLane
        while ((yield* Queue.size(left)) > 0) {
          const point = yield* Queue.take(left)
          yield* killAt(point).pipe(
            Effect.catchCause((cause) =>
              Effect.flatMap(told, (lines) =>
                Effect.die(new Error(`Killed at ${name(point)}: ${cause}\n${JSON.stringify(lines)}`))
              )
            )
          )
        }
        yield* review
      }).pipe(Effect.scoped)
      yield* Effect.all([lane, lane], { concurrency: 2, discard: true })
    }),
  300_000
)
