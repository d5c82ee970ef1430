import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { Action, Call } from "../../src/sandbox/Upstream.ts"
import { Point } from "../support/orders.ts"
import { externalScene } from "./external.ts"
import type { Flow } from "../support/flow.ts"
import { assertExactlyOnce } from "./flows.ts"
import { bringPeople } from "./people.ts"
import { nameOf } from "./points.ts"
import { elapsed, eventually, type Scene, type Service, start } from "../support/scene.ts"

/** A call to an upstream during which the service is killed: not handled, or handled and not answered. */
export interface Interrupted {
  readonly upstream: "linear" | "github" | "fly"
  /** Part of the operation's name, or of the path. */
  readonly operation: string
  readonly nth?: number
  readonly action: Action["_tag"] & ("hang" | "hangAfter")
  /** Calls like it that come before this is seen are not meant. */
  readonly since?: (scene: Scene, identifier: string) => boolean
  /** Seen by others once it was handled. */
  readonly seen?: (scene: Scene, identifier: string) => boolean
}

/** The issue has so many comments, those in threads too. */
export const commented =
  (times: number): NonNullable<Interrupted["seen"]> =>
  ({ linear }, identifier) =>
    linear.issueByIdentifier(identifier)?.comments.length === times
const decodePoints = Schema.decodeUnknownSync(Schema.Array(Point))

/** One service after the other on one database: each is killed as ordered, and the next one resumes its work. */
export const makeLane = Effect.fnUntraced(function* ({
  flow,
  leaseMargin
}: { readonly flow?: Flow; readonly leaseMargin?: number } = {}) {
  const scene = yield* externalScene(flow)
  yield* bringPeople(scene)
  const done: Array<string> = []
  const next = (dieAt: Point | null) => start(scene.env, { dieAt, report: true, leaseMargin })
  let service: Service = yield* next(null)

  const begin = Effect.fnUntraced(function* (title: string) {
    const identifier = yield* scene.label(title)
    yield* scene.askForPass
    return identifier
  })

  const dies = Effect.gen(function* () {
    assert.strictEqual((yield* service.ended).signal, "SIGKILL")
  })

  const finishes = Effect.fnUntraced(function* (identifier: string) {
    const millis = yield* elapsed(scene.settled(identifier))
    yield* scene.runsEnded(identifier)
    yield* scene.idle
    yield* assertExactlyOnce(scene, identifier)
    assert.isBelow(millis, 15_000, "milliseconds from the restart to the end")
    done.push(identifier)
  })

  /** What the service last passed and logged, for a failure's message. */
  const explain = (what: string) =>
    Effect.catchCause((cause) =>
      Effect.gen(function* () {
        const passed = decodePoints(yield* service.messages).slice(-10)
        const lines = (yield* service.lines).slice(-10).map((line) => JSON.stringify(line))
        return yield* Effect.die(
          new Error([`Killed ${what}: ${cause}`, ...passed.map(nameOf), ...lines].join("\n"))
        )
      })
    )

  /** Killed at the first point; its successor at the next one, if any. */
  const killAt = Effect.fnUntraced(
    function* (...points: readonly [Point, ...ReadonlyArray<Point>]) {
      yield* scene.idle
      const [first, ...later] = points
      yield* service.order({ dieAt: first, report: true })
      const identifier = yield* begin(points.map(nameOf).join(", "))
      for (const dieAt of [...later, null]) {
        yield* dies
        service = yield* next(dieAt)
      }
      yield* finishes(identifier)
    },
    (effect, ...points) => effect.pipe(explain(`at ${points.map(nameOf).join(", ")}`))
  )

  const killDuring = Effect.fnUntraced(
    function* ({ upstream, operation, nth = 1, action, since, seen = () => true }: Interrupted) {
      const control = upstream === "linear" ? scene.linear : scene[upstream].control
      const isMeant = (call: Call) =>
        call.operation?.includes(operation) === true || call.path.includes(operation)
      const interrupt = Effect.sync(() => {
        control.resetCalls()
        if (nth > 1)
          control.failNext({ match: operation, times: nth - 1, action: { _tag: "delay", millis: 0 } })
        control.failNext({ match: operation, action: { _tag: action } })
      })
      yield* scene.idle
      if (since === undefined) yield* interrupt
      const identifier = yield* begin(`${operation} ${action}`)
      if (since !== undefined) {
        yield* eventually(
          `what comes before ${operation}`,
          Effect.sync(() => since(scene, identifier) || null)
        )
        yield* interrupt
      }
      yield* eventually(
        `the call ${operation}`,
        Effect.sync(() => {
          const call = control.calls().filter(isMeant)[nth - 1]
          return call?.status === null && seen(scene, identifier) ? call : null
        })
      )
      yield* service.kill("SIGKILL")
      yield* dies
      service = yield* next(null)
      yield* finishes(identifier)
      return identifier
    },
    (effect, { operation, action, nth = 1 }) => effect.pipe(explain(`during ${operation} ${nth} (${action})`))
  )

  /** Whatever was done stays as it is. */
  const review = Effect.suspend(() =>
    Effect.forEach(done, (identifier) => assertExactlyOnce(scene, identifier), { discard: true })
  )

  return { scene, killAt, killDuring, review }
})
export type Lane = Effect.Success<ReturnType<typeof makeLane>>

/** All cases one after the other. */
export const inLane = Effect.fnUntraced(function* <A, E>(
  cases: ReadonlyArray<A>,
  flow: Flow,
  run: (lane: Lane, each: A) => Effect.Effect<unknown, E, Scope.Scope>
) {
  const lane = yield* makeLane({ flow })
  yield* Effect.forEach(cases, (each) => run(lane, each), { discard: true })
  yield* lane.review
}, Effect.scoped)
