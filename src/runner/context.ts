import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { StoredDispatchId } from "../domain/Ids.ts"
import type { Phase } from "../domain/Modes.ts"
import { SessionMode } from "../domain/Modes.ts"
import { IssueComment, RunContext } from "../domain/RunnerMessages.ts"

type Inputs = Readonly<Record<string, string>>

/** The context as a file: JSON. */
export const RunContextJson = Schema.fromJsonString(Schema.toCodecJson(RunContext))

const decodeComments = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.toCodecJson(Schema.Array(IssueComment)))
)
const isSessionMode = Schema.is(SessionMode)

const given = (text: string | undefined) => (text === undefined || text === "" ? null : text)
const amount = (text: string | undefined) => {
  const value = Number(given(text) ?? Number.NaN)
  return Number.isFinite(value) && value > 0 ? value : null
}

export interface Around {
  readonly phase: Phase | null
  readonly repository: string
  readonly ref: string
  readonly now: DateTime.Utc
}

/** The context of a run that cannot call the service: its inputs hold it. */
export const contextOfInputs = (inputs: Inputs, { now, phase, ref, repository }: Around): RunContext => {
  const mode = inputs["session_mode"]
  const minutes = amount(inputs["deadline_minutes"])
  const turns = amount(inputs["max_turns"])
  const number = amount(inputs["pr_number"])
  return {
    dispatchId: StoredDispatchId.make(inputs["dispatch_id"] ?? ""),
    phase: phase ?? (inputs["plan_feedback"] === undefined ? "implementation" : "planning"),
    trigger: "unknown",
    identifier: inputs["issue_identifier"] ?? "",
    title: inputs["issue_title"] ?? "",
    description: given(inputs["issue_description"]),
    url: inputs["issue_url"] ?? "",
    comments: Option.getOrElse(decodeComments(inputs["comments"] ?? "[]"), () => []),
    parent: null,
    plan: given(inputs["plan"]),
    planFeedback: given(inputs["plan_feedback"]),
    previousPlan: given(inputs["previous_plan"]),
    repo: repository,
    ref,
    baseBranch: given(inputs["base_branch"]) ?? ref,
    branch: inputs["branch"] ?? "",
    // Its head is found when the work tree is: the inputs name none.
    pullRequest: number === null ? null : { number, headSha: "" },
    followUp: null,
    sessionMode: isSessionMode(mode) ? mode : "autonomous",
    deadlineAt: minutes === null ? null : DateTime.add(now, { minutes }),
    maxCostUsd: amount(inputs["max_budget_usd"]),
    maxTurns: turns === null ? null : Math.floor(turns),
    questionsToken: null
  }
}

/** What the work tree begins with. */
export const workRefOf = ({ baseBranch, branch, pullRequest }: RunContext) => {
  if (pullRequest === null) return baseBranch
  return pullRequest.headSha === "" ? branch : pullRequest.headSha
}

const least = (...limits: ReadonlyArray<number | null>) => {
  const given = limits.filter((limit) => limit !== null)
  return given.length === 0 ? null : Math.min(...given)
}

/** The stricter of what the service and the repository allow. */
export const capsOf = (
  context: Pick<RunContext, "maxTurns" | "maxCostUsd">,
  instructions: { readonly maxTurns: number | null; readonly maxBudgetUsd: number | null }
) => ({
  maxTurns: least(context.maxTurns, instructions.maxTurns),
  maxBudgetUsd: least(context.maxCostUsd, instructions.maxBudgetUsd)
})
