import * as Layer from "effect/Layer"
import * as admission from "./admission.ts"
import * as dispatches from "./dispatches.ts"
import * as issues from "./issues.ts"
import * as passes from "./passes.ts"
import * as plans from "./plans.ts"
import * as questions from "./questions.ts"

/** The repos of the dispatching core on tables in memory. */
export const repos = Layer.mergeAll(
  admission.layer,
  dispatches.layer,
  issues.layer,
  passes.layer,
  plans.layer,
  questions.layer
)
