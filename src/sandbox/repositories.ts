import { workflowInputs } from "../domain/WorkflowInputs.ts"
import type { MappingInput } from "../domain/Mapping.ts"
import { repositoryFiles } from "./agent/program/scenario.ts"
import type { RepositoryOptions } from "./GitHub.ts"
import { TeamKey } from "../domain/Ids.ts"

const reportWorkflow = `name: AI-Implement report
on:
  workflow_call:
jobs:
  report:
    runs-on: ubuntu-latest
    permissions:
      id-token: write
    steps:
      - run: 'true'
`

const repository = (repo: string): RepositoryOptions => ({
  owner: "northwind",
  repo,
  workflows: [
    { file: "claude-implement.yml", name: "AI-Implement", inputs: workflowInputs.implementation },
    { file: "claude-plan.yml", name: "AI-Implement plan", inputs: workflowInputs.planning }
  ],
  files: { ...repositoryFiles, ".github/workflows/ai-implement-report.yml": reportWorkflow },
  secrets: ["ANTHROPIC_API_KEY"],
  collaborators: { robin: "write", mika: "read" }
})

/** The demo's two repositories, with the workflows that the product dispatches. */
export const repositories = [repository("platform"), repository("website")]

export const sessionsApp = "northwind-sessions"

export const mappings: ReadonlyArray<MappingInput> = [
  {
    teamKey: TeamKey.make("ENG"),
    owner: "northwind",
    repo: "platform",
    planningEnabled: true,
    autoApprovePlans: true,
    maxInProgressAiIssues: 5,
    deadlineMinutes: 10
  },
  {
    teamKey: TeamKey.make("WEB"),
    owner: "northwind",
    repo: "website",
    planningEnabled: false,
    executionMode: "fly-machines",
    sessionMode: "hybrid",
    maxInProgressAiIssues: 2
  },
  {
    teamKey: TeamKey.make("OPS"),
    owner: "northwind",
    repo: "platform",
    planningEnabled: true,
    autoApprovePlans: false,
    sessionMode: "interactive",
    maxInProgressAiIssues: 1
  }
]
