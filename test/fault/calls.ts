import type { Interrupted } from "./killRun.ts"

/** Steps of every dispatch, whatever its flow. */
export const stepsOfAny = [
  "Admission.admit",
  "Lifecycle.start",
  "Transitions.beginLaunch",
  "Transitions.markRunning",
  "Lifecycle.announce",
  "Linear.change",
  "Transitions.markAnnounced",
  "Lifecycle.notify",
  "Lifecycle.settle.effect",
  "Linear.comment",
  "Settlements.effectDone",
  "Transitions.settle"
]

export const linear = { upstream: "linear" } as const
export const github = { upstream: "github" } as const

export const launched: NonNullable<Interrupted["seen"]> = ({ github }, identifier) =>
  github.runs().some(({ inputs }) => inputs["issue_identifier"] === identifier)

export const hasLabel =
  (label: string): NonNullable<Interrupted["seen"]> =>
  ({ linear }, identifier) =>
    linear.issueByIdentifier(identifier)?.labels.includes(label) === true

/** Calls of every launch on GitHub. */
export const launching: ReadonlyArray<Interrupted> = [
  { ...github, operation: "actions/create-workflow-dispatch", action: "hang" },
  { ...github, operation: "actions/create-workflow-dispatch", action: "hangAfter", seen: launched },
  { ...linear, operation: "Update", action: "hang" },
  { ...linear, operation: "Update", nth: 2, action: "hang" }
]

/** Calls that the first dispatch of a workspace makes: each needs a workspace of its own. */
export const firstCalls: ReadonlyArray<Interrupted> = [
  { ...linear, operation: "CreateLabel", action: "hangAfter" },
  { ...linear, operation: "CreateLabel", action: "hang" }
]
