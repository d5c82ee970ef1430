import type { RunContext } from "../../domain/RunnerMessages.ts"
import type { StageResult } from "../result.ts"
import { isNothing, saidOf } from "./sections.ts"

const pathInPlan = /`([\w@][\w./@-]*\/[\w.@-]+\.\w{1,8})`/g

/** Files that the approved plan names in code and the work does not touch. */
const untouched = (plan: string | null, changed: ReadonlySet<string>) =>
  plan === null
    ? []
    : [...new Set([...plan.matchAll(pathInPlan)].map(([, path = ""]) => path))].filter(
        (path) => !changed.has(path)
      )

/** The gaps against issue and plan: what the agent lists, and what this program sees. */
export const gapsOf = (
  context: Pick<RunContext, "plan">,
  result: StageResult,
  changed: ReadonlySet<string>
): ReadonlyArray<string> => {
  const { gaps } = saidOf(result.text)
  const missing = untouched(context.plan, changed)
  return [
    ...(result.ending === "finished" ? [] : [`${result.message} The work may be unfinished.`]),
    ...(result.verify !== null && !result.verify.passed
      ? [`Verification failed: ${result.verify.message}`]
      : []),
    ...(missing.length === 0
      ? []
      : [`The plan names files that this change does not touch: ${missing.slice(0, 20).join(", ")}.`]),
    ...(result.usage.permissionDenials.length === 0
      ? []
      : [`${result.usage.permissionDenials.length} tool calls of the agent were denied.`]),
    ...result.notes,
    ...(isNothing(gaps) ? [] : [gaps])
  ]
}
