import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Point } from "../support/orders.ts"
import type { Service } from "../support/scene.ts"

const decodePoint = Schema.decodeUnknownEffect(Point)

/**
 * What leaves something in the life of a dispatch, here or outside; all else only reads, or wraps these. Whether the
 * monitor sees a run begin depends on the clock.
 */
const changes =
  /^(?:Admission\.|Lifecycle\.|Transitions\.(?:begin|claim|mark|note(?!RunBegun)|release|request|settle)|Timeline\.add$|Questions\.(?:add|answer|ask|beginComment|markCommented)$|Settlement\.|Settlements\.effect|Issues\.setLabels$|Reports\.|Plans\.(?:note|record)|GitHub\.(?:launch|stop)$|Fly\.(?:create|destroy)$|Linear\.(?:change|comment)$)/

/** Of these the number in one dispatch's life is always the same; what else repeats does so by the clock. */
const counted =
  /^(?:Settlement\.|Settlements\.effect|Transitions\.settle$|Issues\.setLabels$|Questions\.|Lifecycle\.stop$|Linear\.(?:change|comment)$|Lifecycle\.settle\.effect$)/

const isStep = ({ span, nth }: Point) => changes.test(span) && (nth === 1 || counted.test(span))

export const nameOf = ({ span, nth, edge }: Point) => `${span} ${nth} ${edge}`

/** What the service passes until it has passed `last`. */
export const passedUntil = Effect.fnUntraced(function* (service: Service, last: string) {
  const points: Array<Point> = []
  for (let point: Point | undefined; point === undefined || nameOf(point) !== last;) {
    point = yield* Effect.flatMap(service.message, decodePoint)
    points.push(point)
  }
  return points
})

/** The steps among the points, from the first of `from` on. */
export const stepsFrom = (points: ReadonlyArray<Point>, from: string) =>
  points.slice(points.findIndex(({ span }) => span === from)).filter(isStep)

export const spansOf = (points: ReadonlyArray<Point>) => [...new Set(points.map(({ span }) => span))]

/** What settles each dispatch alike. */
const settling =
  /^(?:Lifecycle\.settle|Settlements\.effectDone|Issues\.setLabels|Plans\.|Transitions\.noteArtifactLook)/

/** The steps that are a flow's own. */
export const ownOf = (steps: ReadonlyArray<Point>) => steps.filter(({ span }) => !settling.test(span))

/** A part of the workflow: the engine stores its end only after it, before the next one begins. */
const activity = /^Lifecycle\./

/**
 * The points between which something changed, here, outside or in the engine: before all, after each change, and
 * before each activity once the one before it is stored. At every other point the state is that of the one before.
 */
export const distinct = (steps: ReadonlyArray<Point>) =>
  steps.filter(({ span, edge }, index) =>
    activity.test(span)
      ? edge === "start" && steps[index - 1]?.edge !== "start"
      : edge === "end" || index === 0
  )
