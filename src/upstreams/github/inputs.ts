import * as DateTime from "effect/DateTime"
import type { IssueComment } from "../../domain/RunnerMessages.ts"
import type { WorkflowLaunch } from "../RunBackends.ts"

/** GitHub takes 65 535 characters, including some overhead. */
export const maxCharacters = 60_000

export const maxCommentsCharacters = 20_000

const notes = {
  previous_plan:
    "\n\n[The plan is longer than a dispatch can carry and was cut here. Read the rest in the comments of the issue.]",
  plan: "\n\n[The plan is longer than a dispatch can carry and was cut here. Read the rest in the comments of the issue.]",
  issue_description:
    "\n\n[The description is longer than a dispatch can carry and was cut here. Read the rest in the issue.]"
}

// A job receives them as one variable, and Linux takes 131 071 bytes of one: a character of three bytes counts more.
const weightOf = (json: string) => Math.max(json.length, Buffer.byteLength(json) / 2)

const sizeOf = (value: unknown) => weightOf(JSON.stringify(value))

const cut = (text: string, room: number) => {
  let prefix = ""
  let size = 0
  for (const character of text) {
    size += weightOf(JSON.stringify(character).slice(1, -1))
    if (size > room) break
    prefix += character
  }
  return prefix
}

const leftOut = "[Older comments are left out here: a dispatch cannot carry them. Read them in the issue.]"

const commentsText = (comments: ReadonlyArray<IssueComment>) =>
  comments.length === 0
    ? ""
    : JSON.stringify(comments.map(({ at, ...rest }) => ({ ...rest, at: DateTime.formatIso(at) })))

/** As many of the newest comments as there is room for. */
const newestComments = (comments: ReadonlyArray<IssueComment>): string => {
  const [oldest] = comments
  const all = commentsText(comments)
  if (oldest === undefined || sizeOf(all) <= maxCommentsCharacters) return all
  const note = { author: null, at: oldest.at, text: leftOut }
  const shortened = comments.map((_, index) => commentsText([note, ...comments.slice(index + 1)]))
  return shortened.find((text) => sizeOf(text) <= maxCommentsCharacters) ?? commentsText([note])
}

const fit = (inputs: Record<string, string>, [name, note]: [string, string]) => {
  const text = inputs[name]
  if (text === undefined || text.length <= note.length || sizeOf(inputs) <= maxCharacters) return inputs
  const room = maxCharacters - sizeOf({ ...inputs, [name]: note })
  return { ...inputs, [name]: cut(text, Math.max(0, room)) + note }
}

/** The inputs of a dispatch that the workflow declares, or null when they cannot be shortened enough. */
export const inputsOf = (request: WorkflowLaunch): Readonly<Record<string, string>> | null => {
  const all: Record<string, string> = {
    issue_id: request.issueId,
    issue_identifier: request.issueIdentifier,
    issue_title: request.issueTitle,
    issue_description: request.issueDescription ?? "",
    issue_url: request.issueUrl,
    comments: newestComments(request.comments),
    pr_number: request.prNumber?.toString() ?? "",
    provider: request.provider,
    aws_region: request.awsRegion ?? "",
    dispatch_id: request.dispatchId,
    branch: request.branch,
    base_branch: request.ref,
    callback_url: request.callbackUrl ?? "",
    session_mode: request.sessionMode,
    extra_env: Object.keys(request.extraEnv).length === 0 ? "" : JSON.stringify(request.extraEnv),
    deadline_minutes: String(request.deadlineMinutes),
    max_turns: "",
    max_budget_usd: "",
    ...(request.phase === "planning"
      ? { plan_feedback: request.planFeedback ?? "", previous_plan: request.previousPlan ?? "" }
      : { plan: request.plan ?? "" })
  }
  for (const name of request.undeclaredInputs) delete all[name]
  const longestFirst = Object.entries(notes).toSorted(
    ([a], [b]) => (all[b]?.length ?? 0) - (all[a]?.length ?? 0)
  )
  const fitting = longestFirst.reduce(fit, all)
  return sizeOf(fitting) <= maxCharacters ? fitting : null
}
