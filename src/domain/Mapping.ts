import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ExtraEnv } from "./ExtraEnv.ts"
import { TeamKey } from "./Ids.ts"
import { ExecutionMode, Provider, SessionMode } from "./Modes.ts"
import { Timestamp } from "./Text.ts"

// GitHub, and its Enterprise Server, know more names than they give today: only what changes an address is refused.
export const githubName = Schema.String.check(
  Schema.isPattern(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, {
    message: "must be letters, digits, '.', '-' and '_', at most 100, and not '.' or '..'"
  })
)

const repo = githubName.check(
  Schema.makeFilter<string>((name) => !name.toLowerCase().endsWith(".git"), {
    message: "must not end in .git"
  })
)

const workflowFile = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}\.ya?ml$/, {
    message: "must be a file name in .github/workflows that ends in .yml or .yaml"
  })
)

const branchName = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9_][A-Za-z0-9._/+@-]{0,243}$/, {
    message: "must be a branch name: letters, digits and . _ / + @ -, at most 244"
  }),
  Schema.makeFilter<string>(
    (ref) =>
      !ref.includes("..") &&
      !ref.includes("//") &&
      !ref.includes("@{") &&
      !ref.includes("/.") &&
      !/(\.lock)(\/|$)/.test(ref) &&
      !/[/.]$/.test(ref),
    { message: "must be a valid git ref: no '..', '//', '@{', '.lock' end, and no '/' or '.' at the end" }
  )
)

const awsRegion = Schema.String.check(
  Schema.isPattern(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, { message: "must be an AWS region such as eu-central-1" })
)

const cpus = Schema.Literals([1, 2, 4, 8])
const memoryMb = Schema.Int.check(
  Schema.isBetween({ minimum: 256, maximum: 16_384 }, { message: "must be between 256 and 16384" }),
  Schema.isMultipleOf(256, { message: "must be a multiple of 256" })
)
const cap = Schema.Int.check(
  Schema.isBetween({ minimum: 1, maximum: 100 }, { message: "must be between 1 and 100" })
)
const deadlineMinutes = Schema.Int.check(
  Schema.isBetween({ minimum: 5, maximum: 360 }, { message: "must be between 5 and 360 minutes" })
)

const fields = {
  owner: githubName,
  repo,
  workflowFile,
  defaultBranch: branchName,
  maxInProgressAiIssues: cap,
  executionMode: ExecutionMode,
  sessionMode: SessionMode,
  machineCpus: cpus,
  machineMemoryMb: memoryMb,
  planningEnabled: Schema.Boolean,
  planningWorkflowFile: workflowFile,
  autoApprovePlans: Schema.Boolean,
  provider: Provider,
  awsRegion: Schema.NullOr(awsRegion),
  extraEnv: ExtraEnv,
  deadlineMinutes,
  paused: Schema.Boolean
} as const

/** One Linear team → one GitHub repository, with how its issues are dispatched. */
export const Mapping = Schema.Struct({
  teamKey: TeamKey,
  ...fields,
  createdAt: Timestamp,
  updatedAt: Timestamp
}).annotate({ identifier: "Mapping" })
export type Mapping = typeof Mapping.Type

export type MappingFields = Omit<Mapping, "teamKey" | "createdAt" | "updatedAt">

type Defaults = Omit<MappingFields, "owner" | "repo">

/** The value of a field that is not set, or set to null. */
export const mappingDefaults: Defaults = {
  workflowFile: "claude-implement.yml",
  defaultBranch: "main",
  maxInProgressAiIssues: 3,
  executionMode: "github-actions",
  sessionMode: "autonomous",
  machineCpus: 2,
  machineMemoryMb: 4096,
  planningEnabled: true,
  planningWorkflowFile: "claude-plan.yml",
  autoApprovePlans: true,
  provider: "anthropic",
  awsRegion: null,
  extraEnv: {},
  deadlineMinutes: 60,
  paused: false
}

const orDefault = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

/** Create or update by `teamKey`: absent = unchanged (or the default), `null` = reset to the default. */
export const MappingInput = Schema.Struct({
  teamKey: TeamKey,
  owner: Schema.optionalKey(githubName),
  repo: Schema.optionalKey(repo),
  workflowFile: orDefault(workflowFile),
  defaultBranch: orDefault(branchName),
  maxInProgressAiIssues: orDefault(cap),
  executionMode: orDefault(ExecutionMode),
  sessionMode: orDefault(SessionMode),
  machineCpus: orDefault(cpus),
  machineMemoryMb: orDefault(memoryMb),
  planningEnabled: orDefault(Schema.Boolean),
  planningWorkflowFile: orDefault(workflowFile),
  autoApprovePlans: orDefault(Schema.Boolean),
  provider: orDefault(Provider),
  awsRegion: orDefault(awsRegion),
  extraEnv: orDefault(ExtraEnv),
  deadlineMinutes: orDefault(deadlineMinutes),
  paused: orDefault(Schema.Boolean),
  createdAt: Schema.optionalKey(Schema.Unknown),
  updatedAt: Schema.optionalKey(Schema.Unknown)
}).annotate({ identifier: "MappingInput" })
export type MappingInput = typeof MappingInput.Type

export const MappingPatch = Schema.Struct({
  maxInProgressAiIssues: Schema.optionalKey(cap),
  paused: Schema.optionalKey(Schema.Boolean)
}).check(
  Schema.makeFilter((patch) => Object.keys(patch).length > 0, {
    message: "must set maxInProgressAiIssues or paused"
  })
)
export type MappingPatch = typeof MappingPatch.Type

export interface FieldIssue {
  readonly path: string
  readonly message: string
}

const mappingIssues = (mapping: MappingFields, context: { readonly publicUrl: boolean }) => {
  const issues: Array<FieldIssue> = []
  const { machineCpus, machineMemoryMb } = mapping
  if (machineMemoryMb < machineCpus * 256 || machineMemoryMb > machineCpus * 2048) {
    issues.push({
      path: "machineMemoryMb",
      message: `must be between ${machineCpus * 256} and ${machineCpus * 2048} for ${machineCpus} shared CPUs`
    })
  }
  if (mapping.provider === "bedrock" && mapping.awsRegion === null) {
    issues.push({ path: "awsRegion", message: "is required when provider is bedrock" })
  }
  if (mapping.provider === "bedrock" && mapping.executionMode === "fly-machines") {
    issues.push({ path: "provider", message: "bedrock runs only with executionMode github-actions" })
  }
  if (mapping.sessionMode !== "autonomous" && !context.publicUrl) {
    issues.push({
      path: "sessionMode",
      message: `${mapping.sessionMode} needs PUBLIC_URL, because questions reach the service by it; set it and restart`
    })
  }
  return issues
}

/** The mapping that `input` makes of `existing` (or of the defaults), or every rule it breaks. */
export const mergeMapping = (
  existing: MappingFields | null,
  input: MappingInput,
  context: { readonly publicUrl: boolean }
): Result.Result<MappingFields, ReadonlyArray<FieldIssue>> => {
  const pick = <K extends keyof Defaults>(key: K): Defaults[K] => {
    const value = input[key] as Defaults[K] | null | undefined
    if (value === null) return mappingDefaults[key]
    return value ?? existing?.[key] ?? mappingDefaults[key]
  }
  const owner = input.owner ?? existing?.owner
  const repo = input.repo ?? existing?.repo
  const missing: Array<FieldIssue> = []
  if (owner === undefined) missing.push({ path: "owner", message: "is required" })
  if (repo === undefined) missing.push({ path: "repo", message: "is required" })
  const merged: MappingFields = {
    owner: owner ?? "",
    repo: repo ?? "",
    workflowFile: pick("workflowFile"),
    defaultBranch: pick("defaultBranch"),
    maxInProgressAiIssues: pick("maxInProgressAiIssues"),
    executionMode: pick("executionMode"),
    sessionMode: pick("sessionMode"),
    machineCpus: pick("machineCpus"),
    machineMemoryMb: pick("machineMemoryMb"),
    planningEnabled: pick("planningEnabled"),
    planningWorkflowFile: pick("planningWorkflowFile"),
    autoApprovePlans: pick("autoApprovePlans"),
    provider: pick("provider"),
    awsRegion: pick("awsRegion"),
    extraEnv: pick("extraEnv"),
    deadlineMinutes: pick("deadlineMinutes"),
    paused: pick("paused")
  }
  const issues = [...missing, ...mappingIssues(merged, context)]
  return issues.length === 0 ? Result.succeed(merged) : Result.fail(issues)
}
