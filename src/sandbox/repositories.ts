import type { MappingInput } from "../domain/Mapping.ts"
import type { RepositoryOptions } from "./GitHub.ts"
import { workflowInputs } from "./github/workflowInputs.ts"

const repository = (repo: string): RepositoryOptions => ({
  owner: "northwind",
  repo,
  workflows: [{ file: "claude-implement.yml", name: "AI-Implement", inputs: workflowInputs }]
})

/** The demo's two repositories, with the workflow that the product dispatches. */
export const repositories = [repository("platform"), repository("website")]

/** The demo's mappings: the first three teams; OLD has none. */
export const mappings: ReadonlyArray<MappingInput> = [
  { teamKey: "ENG", owner: "northwind", repo: "platform", planningEnabled: false, maxInProgressAiIssues: 3 },
  { teamKey: "WEB", owner: "northwind", repo: "website", planningEnabled: false, maxInProgressAiIssues: 2 },
  { teamKey: "OPS", owner: "northwind", repo: "platform", planningEnabled: false, maxInProgressAiIssues: 1 }
]
