import * as Schema from "effect/Schema"

/** A moment in the service's life: the nth time that a span begins or ends. */
export const Point = Schema.Struct({
  span: Schema.String,
  nth: Schema.Int,
  edge: Schema.Literals(["start", "end"])
})
export type Point = typeof Point.Type

/** What a test orders the service in its child process: where to die or freeze, and whether to report what it passes. */
export const Orders = Schema.Struct({
  dieAt: Schema.NullOr(Point),
  freezeAt: Schema.NullOr(Point),
  report: Schema.Boolean
})
export type Orders = typeof Orders.Type
