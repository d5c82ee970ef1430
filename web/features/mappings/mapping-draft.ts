import * as Equal from "effect/Equal"
import * as Exit from "effect/Exit"
import * as Record from "effect/Record"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import {
  type FieldIssue,
  type Mapping,
  mappingDefaults,
  type MappingFields,
  MappingInput,
  mergeMapping
} from "../../../src/domain/Mapping.ts"
import { words } from "../../strings/mapping.ts"
import { schemaIssues } from "../../lib/schema-issues.ts"

type Texts =
  | "teamKey"
  | "owner"
  | "repo"
  | "workflowFile"
  | "defaultBranch"
  | "maxInProgressAiIssues"
  | "executionMode"
  | "sessionMode"
  | "machineCpus"
  | "machineMemoryMb"
  | "planningWorkflowFile"
  | "provider"
  | "awsRegion"
  | "deadlineMinutes"
type Switches = "planningEnabled" | "autoApprovePlans" | "paused"

export interface Draft {
  readonly texts: Readonly<Record<Texts, string>>
  readonly switches: Readonly<Record<Switches, boolean>>
  readonly env: ReadonlyArray<{ readonly name: string; readonly value: string }>
}
export type TextName = Texts
export type SwitchName = Switches

export const draftOf = (mapping: Mapping | null, teamKey: string): Draft => {
  const fields: MappingFields = mapping ?? { ...mappingDefaults, owner: "", repo: "" }
  return {
    texts: {
      teamKey: mapping?.teamKey ?? teamKey,
      owner: fields.owner,
      repo: fields.repo,
      workflowFile: fields.workflowFile,
      defaultBranch: fields.defaultBranch,
      maxInProgressAiIssues: String(fields.maxInProgressAiIssues),
      executionMode: fields.executionMode,
      sessionMode: fields.sessionMode,
      machineCpus: String(fields.machineCpus),
      machineMemoryMb: String(fields.machineMemoryMb),
      planningWorkflowFile: fields.planningWorkflowFile,
      provider: fields.provider,
      awsRegion: fields.awsRegion ?? "",
      deadlineMinutes: String(fields.deadlineMinutes)
    },
    switches: {
      planningEnabled: fields.planningEnabled,
      autoApprovePlans: fields.autoApprovePlans,
      paused: fields.paused
    },
    env: Object.entries(fields.extraEnv).map(([name, value]) => ({ name, value }))
  }
}

/** What was changed since `base` stays; the rest becomes as in `next`. */
export const rebased = (draft: Draft, base: Draft, next: Draft): Draft => ({
  texts: Record.map(next.texts, (text, name) =>
    draft.texts[name] === base.texts[name] ? text : draft.texts[name]
  ),
  switches: Record.map(next.switches, (on, name) =>
    draft.switches[name] === base.switches[name] ? on : draft.switches[name]
  ),
  env: Equal.equals(draft.env, base.env) ? next.env : draft.env
})

const orDefault = (text: string) => (text.trim() === "" ? null : text.trim())
const numberOrDefault = (text: string) => {
  const trimmed = orDefault(text)
  if (trimmed === null) return null
  return /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : trimmed
}

const named = (env: Draft["env"]) => env.filter(({ name, value }) => name !== "" || value !== "")

const candidate = ({ env, switches, texts }: Draft) => ({
  teamKey: texts.teamKey.trim(),
  owner: texts.owner.trim(),
  repo: texts.repo.trim(),
  workflowFile: orDefault(texts.workflowFile),
  defaultBranch: orDefault(texts.defaultBranch),
  maxInProgressAiIssues: numberOrDefault(texts.maxInProgressAiIssues),
  executionMode: texts.executionMode,
  sessionMode: texts.sessionMode,
  machineCpus: numberOrDefault(texts.machineCpus),
  machineMemoryMb: numberOrDefault(texts.machineMemoryMb),
  planningEnabled: switches.planningEnabled,
  planningWorkflowFile: orDefault(texts.planningWorkflowFile),
  autoApprovePlans: switches.autoApprovePlans,
  provider: texts.provider,
  awsRegion: texts.provider === "bedrock" ? orDefault(texts.awsRegion) : null,
  extraEnv: Object.fromEntries(named(env).map(({ name, value }) => [name.trim(), value])),
  deadlineMinutes: numberOrDefault(texts.deadlineMinutes),
  paused: switches.paused
})

// Every field of a new mapping; of an existing one only the changed fields.
const changes = (draft: Draft, existing: Mapping | null) => {
  const all = candidate(draft)
  if (existing === null) return all
  const { teamKey } = existing
  const before = candidate(draftOf(existing, teamKey))
  return { ...Record.filter(all, (value, name) => !Equal.equals(value, before[name])), teamKey }
}

const decode = Schema.decodeUnknownExit(MappingInput)
const numbers = ["maxInProgressAiIssues", "machineCpus", "machineMemoryMb", "deadlineMinutes"]

const draftIssues = ({ env, texts }: Draft, editing: boolean, taken: ReadonlyArray<string>) => {
  const issues: Array<FieldIssue> = []
  for (const path of ["teamKey", "owner", "repo"] as const) {
    if (texts[path].trim() === "") issues.push({ path, message: words.required })
  }
  if (!editing && taken.includes(texts.teamKey.trim().toUpperCase())) {
    issues.push({ path: "teamKey", message: words.exists })
  }
  const names = named(env).map(({ name }) => name.trim())
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
    issues.push({ path: `extraEnv.${name}`, message: words.envTwice })
  }
  return issues
}

/** The input to send, or every problem of the form; the same schemas and rules as the service. */
export const read = (
  draft: Draft,
  context: {
    readonly existing: Mapping | null
    readonly taken: ReadonlyArray<string>
    readonly publicUrl: boolean
  }
): Result.Result<MappingInput, ReadonlyArray<FieldIssue>> => {
  const own = draftIssues(draft, context.existing !== null, context.taken)
  const exit = decode(changes(draft, context.existing), { errors: "all" })
  if (Exit.isFailure(exit)) {
    const found = schemaIssues(exit.cause).map((issue) =>
      numbers.includes(issue.path) && !/^\d*$/.test(draft.texts[issue.path as TextName].trim())
        ? { path: issue.path, message: words.number }
        : issue
    )
    const covered = new Set(own.map(({ path }) => path))
    return Result.fail([...own, ...found.filter(({ path }) => !covered.has(path))])
  }
  const merged = mergeMapping(context.existing, exit.value, context)
  const issues = Result.isFailure(merged) ? [...own, ...merged.failure] : own
  return issues.length === 0 ? Result.succeed(exit.value) : Result.fail(issues)
}
