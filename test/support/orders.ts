import * as Schema from "effect/Schema"

/** A moment in the service's life: the nth time that a span begins or ends. */
export const Point = Schema.Struct({
  span: Schema.String,
  nth: Schema.Int,
  edge: Schema.Literals(["start", "end"]),
  /** The nth time in its workflow or request, where it belongs to one. */
  own: Schema.optionalKey(Schema.Int)
})
export type Point = typeof Point.Type

/** A workflow or a request has halted at this point for good. */
export const Halted = Schema.Struct({ halted: Point })

/**
 * What a test orders the service in its child process: where to die or freeze, at which points a workflow or request
 * halts (each at one, the first to come), and whether to report what it passes.
 */
export const Orders = Schema.Struct({
  dieAt: Schema.NullOr(Point),
  freezeAt: Schema.NullOr(Point),
  haltAt: Schema.Array(Point),
  report: Schema.Boolean
})
export type Orders = typeof Orders.Type
