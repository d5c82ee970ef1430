import type { Mapping } from "../../domain/Mapping.ts"
import type { Phase } from "../../domain/Modes.ts"
import type { Input } from "./workflowFile.ts"

interface Sent {
  readonly mayBeEmpty: boolean
  readonly isNumber?: true
  readonly values?: ReadonlyArray<string>
}

const filled: Sent = { mayBeEmpty: false }
const optional: Sent = { mayBeEmpty: true }

const sentAs = (
  name: string,
  phase: Phase,
  mapping: Pick<Mapping, "provider" | "sessionMode">,
  callback: boolean
): Sent => {
  switch (name) {
    case "issue_id":
    case "issue_identifier":
    case "issue_title":
    case "issue_url":
    case "dispatch_id":
    case "branch":
    case "base_branch":
      return filled
    case "callback_url":
      return callback ? filled : optional
    case "deadline_minutes":
      return { mayBeEmpty: false, isNumber: true }
    case "provider":
      return { mayBeEmpty: false, values: [mapping.provider] }
    case "session_mode":
      return { mayBeEmpty: false, values: [phase === "planning" ? "autonomous" : mapping.sessionMode] }
    default:
      return optional
  }
}

/** Why GitHub would refuse what is sent as an input that the workflow declares so; null when it takes it. */
export const inputFault = (
  input: Input,
  phase: Phase,
  mapping: Pick<Mapping, "provider" | "sessionMode">,
  callback: boolean
): string | null => {
  const { isNumber = false, mayBeEmpty, values } = sentAs(input.name, phase, mapping, callback)
  switch (input.type) {
    case "boolean":
    case "environment":
      return `${input.name} has the type ${input.type}`
    case "number":
      return isNumber ? null : `${input.name} has the type number`
    case "choice": {
      const other = values?.find((value) => !input.options.includes(value))
      if (values === undefined) return `${input.name} has the type choice`
      return other === undefined ? null : `${input.name} does not offer ${other}`
    }
    case "string":
      return input.required && mayBeEmpty ? `${input.name} is required, and may be empty` : null
  }
}
