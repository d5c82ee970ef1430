import { type Mapping, mappingDefaults } from "../../../../src/domain/Mapping.ts"
import type { WorkflowSync } from "../../../../src/domain/Templates.ts"
import type { Readiness } from "../../../../src/domain/Readiness.ts"
import { ago } from "./times.ts"
import { StoredTeamKey } from "../../../../src/domain/Ids.ts"

export const mapping = (teamKey: string, changes: Partial<Mapping> = {}): Mapping => ({
  ...mappingDefaults,
  teamKey: StoredTeamKey.make(teamKey),
  owner: "acme",
  repo: "webshop",
  createdAt: ago(90_000),
  updatedAt: ago(5000),
  ...changes
})

export const mappings: ReadonlyArray<Mapping> = [
  mapping("ENG"),
  mapping("OPS", { repo: "infrastructure", maxInProgressAiIssues: 8, planningEnabled: false, paused: true }),
  mapping("DATA", {
    repo: "pipelines-for-the-warehouse-and-reporting",
    defaultBranch: "develop",
    provider: "bedrock",
    awsRegion: "eu-central-1",
    autoApprovePlans: false,
    extraEnv: { PNPM_VERSION: "10", TEST_SHARDS: "4" }
  }),
  mapping("MOB", { repo: "mobile", executionMode: "fly-machines" })
]

export const readiness: Readiness = {
  ready: false,
  checkedAt: ago(3),
  checks: [
    { name: "repository", ok: true, message: "acme/webshop can be read", fix: null },
    {
      name: "workflow",
      ok: false,
      message: "claude-plan.yml is not on main",
      fix: "add it, or switch planning off"
    }
  ],
  templates: [
    {
      file: ".github/workflows/claude-implement.yml",
      installed: "1.1",
      current: "1.2",
      state: "older",
      seeded: false
    },
    {
      file: ".github/workflows/claude-plan.yml",
      installed: null,
      current: "1.2",
      state: "missing",
      seeded: false
    },
    { file: "WORKFLOW.md", installed: "1.1", current: "1.2", state: "modified", seeded: true }
  ]
}

export const workflowSync: WorkflowSync = {
  result: "pr-opened",
  pullRequest: { number: 12, url: "https://github.example/acme/webshop/pull/12" },
  files: [{ path: ".github/workflows/claude-implement.yml", was: "older" }],
  leftAlone: [{ path: ".github/workflows/claude-plan.yml", workflowFile: "ai-implement-plan.yml" }],
  note: null
}
