import type { Phase } from "./Modes.ts"

const common = [
  "issue_id",
  "issue_identifier",
  "issue_title",
  "issue_description",
  "issue_url",
  "comments",
  "pr_number",
  "provider",
  "aws_region",
  "dispatch_id",
  "branch",
  "base_branch",
  "callback_url",
  "session_mode",
  "extra_env",
  "deadline_minutes",
  "max_turns",
  "max_budget_usd"
] as const

/** Listed among the omitted inputs when a workflow's run-name does not contain the dispatch id. */
export const runName = "run-name"

/** Listed among the omitted inputs when GitHub's server does not take it: the launch is not answered with its run. */
export const runDetails = "return_run_details"

const byNeed: ReadonlyArray<string> = [
  "dispatch_id",
  "issue_id",
  "issue_identifier",
  "callback_url",
  "branch",
  "base_branch",
  "issue_title",
  "issue_description",
  "plan",
  "pr_number",
  "plan_feedback",
  "session_mode",
  "provider",
  "aws_region",
  "extra_env",
  "comments",
  "previous_plan",
  "deadline_minutes",
  "issue_url",
  "max_turns",
  "max_budget_usd"
]

/** What is left out of inputs where only `max` are taken: the empty ones, then the least needed. */
export const leastNeeded = (inputs: Readonly<Record<string, string>>, max: number): ReadonlyArray<string> => {
  const rank = (name: string) => (inputs[name] === "" ? byNeed.length : 0) + byNeed.indexOf(name)
  return Object.keys(inputs)
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(max)
}

/** Whether a run of the workflow can be found again by its dispatch id, and so may be sent once more. */
export const isFindable = (leftOut: ReadonlyArray<string>) =>
  !leftOut.includes("dispatch_id") && !leftOut.includes(runName)

/**
 * The inputs that a dispatch sends to the workflow of its phase, as far as it declares them: texts, empty where there
 * is nothing to say. `comments` is a JSON array of `{author, at, text}`; it is empty where the run can call the service.
 */
export const workflowInputs = {
  planning: [...common, "plan_feedback", "previous_plan"],
  implementation: [...common, "plan"]
} as const satisfies Record<Phase, ReadonlyArray<string>>
