import * as Schema from "effect/Schema"
import { DispatchId } from "./Ids.ts"
import { Phase } from "./Modes.ts"
import { Plan } from "./Plan.ts"
import { foreignText, someForeignText, webUrl } from "./Text.ts"

const count = Schema.Int.check(
  Schema.isBetween({ minimum: 0, maximum: 2_000_000_000 }, { message: "must be a count" })
)

/** Tool calls that the agent was not allowed to make, each as one line without secrets. */
const PermissionDenials = Schema.Array(someForeignText(300)).check(
  Schema.isMaxLength(20, { message: "must hold at most 20 refused tool calls" })
)

/** The result that a runner reports, idempotent, one for each dispatch. `costUsd` in US dollars. */
export const Report = Schema.Struct({
  dispatchId: DispatchId,
  phase: Phase,
  outcome: Schema.Literals([
    "delivered",
    "no_change",
    "verification_failed",
    "question_unanswered",
    "failed"
  ]),
  pullRequest: Schema.optionalKey(Schema.Struct({ number: count, url: webUrl(2000), draft: Schema.Boolean })),
  plan: Schema.optionalKey(Plan),
  gaps: Schema.optionalKey(foreignText(20_000)),
  costUsd: Schema.optionalKey(
    Schema.Finite.check(
      Schema.isBetween({ minimum: 0, maximum: 1_000_000 }, { message: "must be an amount" })
    )
  ),
  tokens: Schema.optionalKey(count),
  turns: Schema.optionalKey(count),
  /** The model that did most of the work, as the agent names it. */
  model: Schema.optionalKey(someForeignText(200)),
  sessionId: Schema.optionalKey(someForeignText(200)),
  permissionDenials: Schema.optionalKey(PermissionDenials),
  failure: Schema.optionalKey(
    Schema.Struct({
      reason: someForeignText(200),
      message: someForeignText(4000),
      lines: Schema.Array(foreignText(2000)).check(
        Schema.isMaxLength(50, { message: "must hold at most 50 lines" })
      )
    })
  )
})
export type Report = typeof Report.Type
