import type { Phase } from "../../domain/Modes.ts"
import type { ReadinessCheck, ReadinessProblem } from "../../domain/Readiness.ts"

export interface Finding {
  readonly check: ReadinessCheck
  readonly problem?: ReadinessProblem
  readonly undeclared?: { readonly phase: Phase; readonly inputs: ReadonlyArray<string> }
}

export const passed = (name: string, message: string): Finding => ({
  check: { name, ok: true, message, fix: null }
})

/** Without `problem` a dispatch is still possible. */
export const failed = (
  name: string,
  message: string,
  fix: string,
  problem?: Omit<ReadinessProblem, "message">
): Finding => ({
  check: { name, ok: false, message, fix },
  ...(problem && { problem: { ...problem, message: `${message} ${fix}` } })
})

/** The permissions that pushing a run's work needs and the App lacks. */
export const missingToPush = (permissions: Readonly<Record<string, string>>): ReadonlyArray<string> =>
  ["contents", "pull_requests"]
    .filter((name) => permissions[name] !== "write" && permissions[name] !== "admin")
    .map((name) => `${name}: write`)
