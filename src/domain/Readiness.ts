import * as Schema from "effect/Schema"
import { Phase } from "./Modes.ts"
import { TemplateState } from "./Templates.ts"
import { JsonTimestamp } from "./Text.ts"

export const ReadinessCheck = Schema.Struct({
  name: Schema.String,
  ok: Schema.Boolean,
  message: Schema.String,
  /** What to do about it; null where there is nothing to do. */
  fix: Schema.NullOr(Schema.String)
})
export type ReadinessCheck = typeof ReadinessCheck.Type

/** A problem that prevents dispatches of `phase`; null: of both phases. It is of the repository unless `of` says so. */
export const ReadinessProblem = Schema.Struct({
  of: Schema.optionalKey(Schema.Literal("tracker")),
  phase: Schema.NullOr(Phase),
  _tag: Schema.String,
  message: Schema.String
})
export type ReadinessProblem = typeof ReadinessProblem.Type

/** Inputs that a phase's workflow is known not to declare, by phase. */
export const UndeclaredInputs = Schema.Record(Phase, Schema.Array(Schema.String))
export type UndeclaredInputs = typeof UndeclaredInputs.Type

/** What a mapping's repository has of what its dispatches need. `ready`: no problem prevents a dispatch. */
export const Readiness = Schema.Struct({
  ready: Schema.Boolean,
  checkedAt: JsonTimestamp,
  checks: Schema.Array(ReadinessCheck),
  templates: Schema.Array(
    Schema.Struct({
      file: Schema.String,
      /** The version that wrote the installed file; null where it lacks our header. */
      installed: Schema.NullOr(Schema.String),
      current: Schema.String,
      state: TemplateState,
      /** People edit it: only its absence matters. */
      seeded: Schema.Boolean
    })
  )
})
export type Readiness = typeof Readiness.Type
