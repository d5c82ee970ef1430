import { assert } from "@effect/vitest"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { Action, Met } from "../../src/sandbox/Upstream.ts"
import { Halted, type Orders, Point } from "../support/orders.ts"
import { externalScene } from "./external.ts"
import type { Flow } from "../support/flow.ts"
import { assertExactlyOnce } from "./flows.ts"
import { bringPeople } from "./people.ts"
import { distinct, nameOf, passedUntil, spansOf, stepsFrom } from "./points.ts"
import { elapsed, eventually, inTime, type Scene, type Service, start } from "../support/scene.ts"

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

const Message = Schema.Union([Halted, Point])
const decodeMessage = Schema.decodeUnknownEffect(Message)
const decodeMessages = Schema.decodeUnknownSync(Schema.Array(Message))
const wordsOf = (message: typeof Message.Type) =>
  "halted" in message ? `halted at ${nameOf(message.halted)}` : nameOf(message)

/** Where that which belongs to one dispatch halts. */
const haltingPoint = ({ edge, own = 0, span }: Point): Point => ({ span, nth: own, edge })

/** Orders that as many workflows and requests halt at these points, each at one. */
export const haltingAt = (points: ReadonlyArray<Point>) => ({ haltAt: points.map(haltingPoint) })

/** Waits until something has halted at each. */
export const halted = Effect.fnUntraced(function* (service: Service, points: ReadonlyArray<Point>) {
  const left = points.map((point) => nameOf(haltingPoint(point)))
  while (left.length > 0) {
    const message = yield* service.message.pipe(
      Effect.flatMap(decodeMessage),
      inTime(`what halts at ${left.join(", ")}`, "30 seconds")
    )
    if ("halted" in message) left.splice(left.indexOf(nameOf(message.halted)), 1)
  }
})

/** One service after the other on one database: each is killed as ordered, and the next one resumes its work. */
export const makeLane = Effect.fnUntraced(function* ({
  flow,
  ...policy
}: { readonly flow?: Flow; readonly leaseMargin?: number; readonly launchTimeout?: number } = {}) {
  const scene = yield* externalScene(flow)
  yield* bringPeople(scene)
  const done: Array<string> = []
  const next = (orders: Partial<Orders> = {}) => start(scene.env, { ...policy, ...orders })
  let service: Service = yield* next()

  const begin = Effect.fnUntraced(function* (title: string) {
    const identifier = yield* scene.label(title)
    yield* scene.askForPass
    return identifier
  })

  const dies = Effect.gen(function* () {
    assert.strictEqual((yield* service.ended).signal, "SIGKILL")
  })

  const killed = Effect.suspend(() => Effect.andThen(service.kill("SIGKILL"), dies))

  const finish = Effect.fnUntraced(function* (identifiers: ReadonlyArray<string>) {
    const millis = yield* elapsed(
      Effect.forEach(identifiers, (each) => scene.settled(each), { discard: true })
    )
    yield* Effect.forEach(identifiers, scene.runsEnded, { discard: true })
    yield* scene.idle
    yield* Effect.forEach(identifiers, (each) => assertExactlyOnce(scene, each), { discard: true })
    assert.isBelow(millis, 15_000, "milliseconds from the restart to the end")
    done.push(...identifiers)
  })

  /** Every step of a dispatch that nothing disturbs, from the first of `from` on. */
  const steps = Effect.fnUntraced(function* (from: string) {
    yield* scene.idle
    const identifier = yield* scene.label("A dry run")
    yield* service.messages
    yield* service.order({ report: true })
    yield* scene.askForPass
    const passed = yield* passedUntil(service, "Lifecycle.settle 1 end")
    yield* finish([identifier])
    return stepsFrom(passed, from)
  })

  /** What the service last passed and logged, for a failure's message. */
  const explain = (what: string) =>
    Effect.catchCause((cause) =>
      Effect.gen(function* () {
        const passed = decodeMessages(yield* service.messages).slice(-10)
        const lines = (yield* service.lines).slice(-10).map((line) => JSON.stringify(line))
        return yield* Effect.die(
          new Error([`Killed ${what}: ${cause}`, ...passed.map(wordsOf), ...lines].join("\n"))
        )
      })
    )

  /** Killed at the first point; its successor at the next one, if any. */
  const killAt = Effect.fnUntraced(
    function* (...points: readonly [Point, ...ReadonlyArray<Point>]) {
      yield* scene.idle
      const [first, ...later] = points
      yield* service.order({ dieAt: first })
      const identifier = yield* begin(points.map(nameOf).join(", "))
      for (const dieAt of [...later, null]) {
        yield* dies
        service = yield* next({ dieAt })
      }
      yield* finish([identifier])
    },
    (effect, ...points) => effect.pipe(explain(`at ${points.map(nameOf).join(", ")}`))
  )

  /** Killed once as many dispatches have each halted at one of the points; so is its successor, at the points given next. */
  const killTogether = Effect.fnUntraced(
    function* (...stages: readonly [ReadonlyArray<Point>, ...ReadonlyArray<ReadonlyArray<Point>>]) {
      yield* scene.idle
      const [first, ...later] = stages
      yield* service.order(haltingAt(first))
      const identifiers = yield* Effect.forEach(first, (point) => scene.label(nameOf(point)))
      yield* scene.askForPass
      yield* halted(service, first)
      for (const points of later) {
        yield* killed
        service = yield* next(haltingAt(points))
        yield* halted(service, points)
      }
      yield* killed
      service = yield* next()
      yield* finish(identifiers)
    },
    (effect, ...stages) => effect.pipe(explain(`at ${stages.flat().map(nameOf).join(", ")}`))
  )

  const controlOf = ({ upstream }: Interrupted) =>
    upstream === "linear" ? scene.linear : scene[upstream].control

  const meets = (what: string, met: Met, isSeen: () => boolean = () => true) =>
    eventually(
      `the call ${what}`,
      Effect.sync(() => (met()?.status === null && isSeen() ? true : null))
    )

  /** Killed during a call that may come from any part of the service. */
  const killDuring = Effect.fnUntraced(
    function* (call: Interrupted) {
      const { operation, nth = 1, action, since, seen = () => true } = call
      const interrupt = Effect.sync(() =>
        controlOf(call).failNext({ match: operation, skip: nth - 1, action: { _tag: action } })
      )
      yield* scene.idle
      let met = since === undefined ? yield* interrupt : null
      const identifier = yield* begin(`${operation} ${action}`)
      if (since !== undefined) {
        yield* eventually(
          `what comes before ${operation}`,
          Effect.sync(() => since(scene, identifier) || null)
        )
      }
      met ??= yield* interrupt
      yield* meets(operation, met, () => seen(scene, identifier))
      yield* killed
      service = yield* next()
      yield* finish([identifier])
      return identifier
    },
    (effect, { operation, action, nth = 1 }) => effect.pipe(explain(`during ${operation} ${nth} (${action})`))
  )

  /** Killed once each of as many dispatches waits for one of the calls, all of which name their issue. */
  const killDuringAll = Effect.fnUntraced(
    function* (calls: ReadonlyArray<Interrupted>) {
      yield* scene.idle
      yield* service.order({})
      const issues = yield* Effect.forEach(
        calls,
        Effect.fnUntraced(function* (call) {
          const { action, nth = 1, operation, seen = () => true, upstream } = call
          const identifier = yield* scene.label(`${operation} ${nth} ${action}`)
          const about = upstream === "linear" ? scene.linear.issueByIdentifier(identifier)?.id : identifier
          const met = controlOf(call).failNext({
            match: operation,
            about: about ?? "",
            skip: nth - 1,
            action: { _tag: action }
          })
          return { identifier, waits: meets(operation, met, () => seen(scene, identifier)) }
        })
      )
      yield* scene.askForPass
      yield* Effect.forEach(issues, ({ waits }) => waits, { discard: true })
      yield* killed
      service = yield* next()
      yield* finish(issues.map(({ identifier }) => identifier))
    },
    (effect, calls) => effect.pipe(explain(`during ${calls.map(({ operation }) => operation).join(", ")}`))
  )

  /** Whatever was done stays as it is. */
  const review = Effect.suspend(() =>
    Effect.forEach(done, (identifier) => assertExactlyOnce(scene, identifier), { discard: true })
  )

  return { scene, steps, killAt, killTogether, killDuring, killDuringAll, review }
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

/** What one service has to recover in the time that one dispatch has. */
const together = 8

/** At each step of a dispatch: together where they belong to one dispatch, else one after the other. */
export const atEachStep = Effect.fnUntraced(function* (
  flow: Flow,
  {
    among = (steps) => steps,
    from = "Admission.admit",
    spans
  }: {
    /** The first one. */
    readonly from?: string
    readonly among?: (steps: ReadonlyArray<Point>) => ReadonlyArray<Point>
    /** What must be among a dispatch's steps. */
    readonly spans: ReadonlyArray<string>
  }
) {
  const { killAt, killTogether, review, ...lane } = yield* makeLane({ flow })
  const all = yield* lane.steps(from)
  assert.includeMembers(spansOf(all), [...spans])
  const steps = distinct(among(all))
  const ofOne = steps.filter(({ own }) => own !== undefined)
  for (const points of Arr.chunksOf(ofOne, together)) yield* killTogether(points)
  for (const step of steps.filter(({ own }) => own === undefined)) yield* killAt(step)
  yield* review
}, Effect.scoped)

/** Of the calls that Linear has at once, some are left to the passes. */
const callsAtOnce = 6

/**
 * During each call: those of one issue together, the others one after the other. Those that only the first dispatch of a
 * workspace makes are met in a workspace of their own.
 */
export const duringCalls = (
  flow: Flow,
  calls: {
    readonly first?: ReadonlyArray<Interrupted>
    readonly shared?: ReadonlyArray<Interrupted>
    readonly ofOne: ReadonlyArray<Interrupted>
  }
) => {
  const { first = [], ofOne, shared = [] } = calls
  const chunks = Arr.chunksOf(ofOne, callsAtOnce)
  const lanes = Math.max(1, first.length)
  const inLaneOf = Effect.fnUntraced(function* (index: number) {
    const { killDuring, killDuringAll, review } = yield* makeLane({ flow, launchTimeout: 5000 })
    const alone = index === 0 ? [...first.slice(0, 1), ...shared] : first.slice(index, index + 1)
    yield* Effect.forEach(alone, killDuring, { discard: true })
    yield* Effect.forEach(
      chunks.filter((_, nth) => nth % lanes === index),
      killDuringAll,
      { discard: true }
    )
    yield* review
  }, Effect.scoped)
  return Effect.forEach(Array.from({ length: lanes }).keys(), inLaneOf, { discard: true })
}
