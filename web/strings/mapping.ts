import type { FieldIssue, MappingFields } from "../../src/domain/Mapping.ts"
import { plural } from "./plural.ts"

const field: Record<keyof MappingFields | "teamKey", string> = {
  teamKey: "Linear team key",
  owner: "Owner",
  repo: "Repository",
  workflowFile: "Workflow file",
  defaultBranch: "Default branch",
  maxInProgressAiIssues: "Issues at once",
  executionMode: "Runs on",
  sessionMode: "Session",
  machineCpus: "CPUs",
  machineMemoryMb: "Memory, MB",
  planningEnabled: "Plan before implementing",
  planningWorkflowFile: "Planning workflow file",
  autoApprovePlans: "Approve plans automatically",
  provider: "Model provider",
  awsRegion: "AWS region",
  extraEnv: "Extra environment",
  deadlineMinutes: "Deadline, minutes",
  paused: "Paused"
}

export const words = {
  field,
  titleNew: "New mapping",
  titleEdit: (team: string) => `Mapping of ${team}`,
  groups: {
    repository: "Repository",
    capacity: "Capacity",
    execution: "Execution",
    planning: "Planning",
    provider: "Provider",
    environment: "Extra environment"
  },
  hints: {
    teamKey: "The letters before the number of an issue: ENG in ENG-42.",
    workflowFile: "In .github/workflows of the repository.",
    maxInProgressAiIssues: "How many issues of the team may run at the same time.",
    deadlineMinutes: "A run that takes longer is stopped.",
    sessionMode: "Interactive and hybrid sessions may ask questions; they need PUBLIC_URL.",
    autoApprovePlans: "Otherwise a person adds Plan-Approved to the issue.",
    awsRegion: "Where Bedrock is called.",
    paused: "No new dispatch starts for this team."
  },
  defaultIs: (value: string) => `Default: ${value}.`,
  envName: "Name",
  envValue: "Value",
  envAdd: "Add a variable",
  envRemove: (name: string) => `Remove ${name === "" ? "this variable" : name}`,
  envHint: "Given to every run of this team. For secrets use the secret store instead.",
  envShow: "Show values",
  envTwice: "is set twice",
  save: "Save",
  create: "Create mapping",
  saved: (team: string) => `The mapping of ${team} is saved.`,
  exists: "There is already a mapping for this team.",
  discard: "Discard changes",
  restored: "Your unsaved changes are restored.",
  missing: (team: string) => `There is no mapping for ${team}.`,
  toList: "All mappings",
  secrets: (team: string) => `Secrets of ${team}`,
  required: "is required",
  number: "must be a whole number",
  summary: (issues: ReadonlyArray<FieldIssue>) =>
    `${plural(issues.length, "field")} ${issues.length === 1 ? "is" : "are"} invalid.`
} as const
