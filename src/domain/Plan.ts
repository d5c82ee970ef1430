import * as Schema from "effect/Schema"
import { someText } from "./Text.ts"

/** One part of a plan, as the planning run wrote it. */
export const PlanDocument = Schema.Struct({ title: someText(200), markdown: someText(60_000) })
export type PlanDocument = typeof PlanDocument.Type

/** Up to three parts: Architecture Analysis, Test Plan, Cross-Story Context. */
export const Plan = Schema.Array(PlanDocument).check(
  Schema.isMinLength(1, { message: "must hold at least one part" }),
  Schema.isMaxLength(3, { message: "must hold at most three parts" })
)
export type Plan = typeof Plan.Type

/** Plans rejected in a row after which the issue is parked. */
export const parkAfterRejects = 5
